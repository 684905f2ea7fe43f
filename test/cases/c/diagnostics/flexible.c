struct list { int count; int items[]; };
int main(void) {
  struct list kept = {1};
  struct list local = {2, {3, 4}}; // error: 4:28 c.bad-initialiser
  return kept.count;
}
