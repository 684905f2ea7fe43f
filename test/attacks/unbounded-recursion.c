/* Hostile: a recursion without end, each level with an array of its own on the stack.
 * Expected: limit memory_stack */
static int descend(int depth) {
  int levels[16];
  levels[depth % 16] = depth;
  return descend(depth + 1) + levels[depth % 16];
}

int main(void) { return descend(1); }
