// What is declared and used must be defined somewhere.
int missing(int); // error: 2:5 c.undefined-reference

int main(void) { return missing(1); }
