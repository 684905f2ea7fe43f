/* Hostile: two functions call each other without end, with nothing on the memory stack.
 * Expected: limit stack */
static int odd(int n);
static int even(int n) { return odd(n + 1) + 1; }
static int odd(int n) { return even(n + 1) + 1; }
int main(void) { return even(0); }
