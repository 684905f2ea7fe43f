// The scanf family, from stdin and from strings.
#include <float.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
// stdin: 12 -7 word
// stdin: 3.25e2,x

int main(void) {
  int a, b, n;
  char word[20], c;
  float f;
  n = scanf("%d%d %19s", &a, &b, word);
  printf("%d %d %d %s\n", n, a, b, word);
  // expect: 3 12 -7 word
  n = scanf("%f,%c", &f, &c);
  printf("%d %g %c %d\n", n, f, c, scanf("%d", &a));
  // expect: 2 325 x -1
  unsigned u, o, x;
  n = sscanf("0x1F 077 255 ff 10", "%i %i %u %x %o", &a, &b, &u, &x, &o);
  printf("%d %d %d %u %x %o\n", n, a, b, u, x, o);
  // expect: 5 31 63 255 ff 10
  signed char hh;
  short h;
  long l;
  long long ll;
  double d;
  size_t z;
  n = sscanf("300 70000 -5 -9223372036854775808 1e-3 99", "%hhd %hd %ld %lld %lf %zu", &hh, &h, &l, &ll, &d, &z);
  printf("%d %d %d %ld %lld %g %zu\n", n, hh, h, l, ll, d, z);
  // expect: 6 44 4464 -5 -9223372036854775808 0.001 99
  char set[20], other[20];
  n = sscanf("abc123]x-y end", "%[a-c]%[^x]%n", set, other, &a);
  printf("%d %s %s %d\n", n, set, other, a);
  // expect: 2 abc 123] 7
  n = sscanf("12345678", "%3d%*2d%d", &a, &b);
  printf("%d %d %d\n", n, a, b);
  // expect: 2 123 678
  n = sscanf("5%  7", "%d%% %d", &a, &b);
  printf("%d %d %d\n", n, a, b);
  // expect: 2 5 7
  printf("%d %d %d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a), sscanf("1 x", "%d %d", &a, &b),
         sscanf("   ", "%s", word));
  // expect: -1 0 1 -1
  double inf, nan, hex, tiny;
  n = sscanf("-Infinity nan 0x1.8p3 4.9e-324", "%lf%lf%lf%lf", &inf, &nan, &hex, &tiny);
  printf("%d %g %d %g %d\n", n, inf, nan != nan, hex, tiny == 4.9406564584124654e-324);
  // expect: 4 -inf 1 12 1
  void *p;
  n = sscanf("0xdeadbeef 1e+ 2", "%p %lf", &p, &d);
  printf("%d %p\n", n, p);
  // expect: 1 0xdeadbeef
  char two[3] = "";
  wchar_t wide[10];
  n = sscanf("xyz g\u00fcn", "%2c%*c %ls", two, wide);
  printf("%d %s %d %x\n", n, two, (int)wcslen(wide), wide[1]);
  // expect: 2 xy 3 fc
  return 0;
}
