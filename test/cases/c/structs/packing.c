// Packed and aligned structs, by attributes and by #pragma pack.
#include <stddef.h>
#include <stdio.h>

#pragma pack(push, 1)
struct header { char magic; int size; short kind; double value; };
#pragma pack(2)
struct two { char a; int b; double c; };
#pragma pack(pop)
struct plain { char a; int b; };
#pragma pack(4)
typedef struct { char a; long long b; } four;
#pragma pack()
struct attribute { char a; int b : 20; int c : 12; unsigned d : 7; } __attribute__((packed));
struct line { char c; } __attribute__((aligned(16)));
struct __attribute__((packed, aligned(2))) both { char a; int b; };

int main(void) {
  printf("%d %d %d\n", (int)sizeof(struct header), (int)offsetof(struct header, size), (int)offsetof(struct header, value));
  // expect: 15 1 7
  printf("%d %d %d\n", (int)sizeof(struct two), (int)offsetof(struct two, b), (int)offsetof(struct two, c));
  // expect: 14 2 6
  printf("%d %d %d\n", (int)sizeof(struct plain), (int)sizeof(four), (int)offsetof(four, b));
  // expect: 8 12 4
  printf("%d %d %d %d\n", (int)sizeof(struct attribute), (int)sizeof(struct line), (int)_Alignof(struct line),
         (int)sizeof(struct both));
  // expect: 6 16 16 6
  struct header h = {'m', 0x01020304, -5, 2.5};
  unsigned char *bytes = (unsigned char *)&h;
  printf("%d %d %d %g\n", bytes[1], bytes[4], h.kind, h.value);
  // expect: 4 1 -5 2.5
  struct line lines[3];
  printf("%d\n", (int)((char *)&lines[2] - (char *)lines));
  // expect: 32
  return 0;
}
