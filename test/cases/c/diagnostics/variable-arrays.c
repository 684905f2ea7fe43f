int size;
int outside[size]; // error: 2:13 c.not-constant
int main(void) {
  static int kept[size]; // error: 4:14 c.bad-declaration
  int filled[size] = {1}; // error: 5:7 c.bad-initialiser
  return 0;
}
