// A missing semicolon is reported behind the line that misses it.
int main(void) {
  int x = 1 // error: 3:11 c.syntax
  return x;
}
