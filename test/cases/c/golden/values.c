/* Structs by value, bit-fields, initialisers, variable arguments, conversions, switches. */
struct point { int x, y; double weight; };
struct flags { unsigned kind : 3; int delta : 7; unsigned rest : 22; };

static struct point middle(struct point a, struct point b) {
  struct point m = {(a.x + b.x) / 2, (a.y + b.y) / 2, .weight = a.weight + b.weight};
  return m;
}

static int adjust(struct flags *f) {
  f->kind = 5;
  f->delta -= 3;
  return f->kind + f->delta;
}

static int sum(int count, ...) {
  __builtin_va_list list;
  int total = 0;
  __builtin_va_start(list, count);
  while (count-- > 0) total += __builtin_va_arg(list, int);
  __builtin_va_end(list);
  return total;
}

static int convert(double d, unsigned char c, long long l) {
  short s = d;
  float f = l;
  return s + (int)f + (signed char)c + (d > 0.5 && l) + (unsigned short)l;
}

static int choose(int x) {
  switch (x) {
    case 0: return 10;
    case 1: case 2: x += 5; break;
    case 3: return -1;
    case 5: x *= 3;
    default: x--;
  }
  switch (x) {
    case -5000: return 1;
    case 77: return 2;
    case 900000: return 3;
    case 1000000: return 4;
    case 20 ... 30: return 5;
  }
  return x;
}

int main(void) {
  struct flags f = {0};
  struct point p = middle((struct point){1, 2, 0.5}, (struct point){3, 4, 1.5});
  return p.x + adjust(&f) + sum(3, 1, 2, 3) + convert(1.5, 200, 1LL << 33) + choose(2);
}
