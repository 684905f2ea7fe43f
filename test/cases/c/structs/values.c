// Structs and unions: members, nesting, assignment, passing and returning by value, bit-fields, layout.
#include <stdio.h>
#include <stddef.h>

struct point { int x, y; };
struct line { struct point from, to; const char *name; };
struct large { int values[20]; char tag; };
union number { int i; float f; unsigned char bytes[4]; };
struct bits { unsigned a : 3; int b : 5; unsigned : 4; unsigned c : 12; _Bool d : 1; unsigned long long e : 40; };
struct packed { char c; int i; } __attribute__((packed));
struct anonymous { int kind; union { int i; double d; struct { short low, high; }; }; };

static struct point add(struct point a, struct point b) {
  a.x += b.x;
  a.y += b.y;
  return a;
}

static struct large fill(int start) {
  struct large l;
  for (int i = 0; i < 20; i++) l.values[i] = start + i;
  l.tag = 'L';
  return l;
}

static int total(struct large l) {
  int t = 0;
  for (int i = 0; i < 20; i++) t += l.values[i];
  l.tag = 'X';
  return t;
}

static struct point *largest(struct point *a, int n) {
  struct point *best = a;
  for (struct point *p = a; p < a + n; p++)
    if (p->x * p->x + p->y * p->y > best->x * best->x + best->y * best->y) best = p;
  return best;
}

int main(void) {
  struct point p = {1, 2}, q = p;
  q.x = 10;
  p = add(p, add(q, (struct point){100, 200}));
  printf("%d %d %d %d\n", p.x, p.y, q.x, q.y);
  printf("%d\n", add(p, q).y);
  struct line l = {{1, 2}, {3, 4}, "line"}, *lp = &l;
  lp->to.y = 40;
  (*lp).from = lp->to;
  printf("%d %d %s\n", l.from.x, l.from.y, lp->name);
  struct large big = fill(5), copy;
  copy = big;
  copy.values[0] = 1000;
  printf("%d %d %d %c\n", total(big), total(copy), total(fill(0)), big.tag);
  union number n;
  n.f = 1.0f;
  printf("%x %x\n", n.i, n.bytes[3]);
  struct bits b = {0};
  b.a = 9;
  b.b = -3;
  b.c = 0xabc;
  b.d = 4;
  b.e = 0x123456789aULL;
  b.a++;
  b.b -= 1;
  printf("%d %d %x %d %llx\n", b.a, b.b, b.c, b.d, (unsigned long long)b.e);
  printf("%d\n", b.b++ + (b.a = 15));
  printf("%d %d\n", b.b, b.a);
  printf("%d %d %d\n", (int)sizeof(struct packed), (int)offsetof(struct packed, i), (int)sizeof(struct point));
  struct anonymous an = {.kind = 1, .high = 7};
  an.low = 3;
  printf("%d %d\n", an.i, (int)offsetof(struct anonymous, high) - (int)offsetof(struct anonymous, low));
  struct point points[3] = {{1, 1}, {-5, 2}, {3, 3}};
  largest(points, 3)->y++;
  printf("%d %d\n", points[1].y, (int)(largest(points, 3) - points));
  struct { char c; double d; short s; } padded[2];
  printf("%d %d\n", (int)sizeof padded / 2, (int)((char *)&padded[1].s - (char *)padded));
  struct point copies[2];
  copies[1] = copies[0] = (struct point){7, 8};
  printf("%d %d\n", copies[1].x, (copies[0] = p, copies[0]).x);
  struct point chosen = p.x > 0 ? p : q;
  printf("%d\n", chosen.y);
  struct list { int value; struct list *next; } c3 = {3, 0}, c2 = {2, &c3}, c1 = {1, &c2};
  int sum = 0;
  for (struct list *node = &c1; node; node = node->next) sum = sum * 10 + node->value;
  printf("%d\n", sum);
  return 0;
}

// expect: 111 204 10 2
// expect: 206
// expect: 3 40 line
// expect: 290 1285 190 L
// expect: 3f800000 3f
// expect: 2 -4 abc 1 123456789a
// expect: 3
// expect: -3 7
// expect: 5 1 8
// expect: 458755 2
// expect: 3 1
// expect: 24 40
// expect: 7 111
// expect: 204
// expect: 123
