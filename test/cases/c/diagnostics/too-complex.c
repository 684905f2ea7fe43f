// A call with more arguments than there are registers is refused.
int many(int a, ...);
#define TEN(x) x, x, x, x, x, x, x, x, x, x
#define HUNDRED(x) TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x)
int old();
int old(a) int a; { return a; }

int main(void) { // error: 8:5 c.too-complex
  int (*any)() = old;
  return any(HUNDRED(1), HUNDRED(2), HUNDRED(3));
}
