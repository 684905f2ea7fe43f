/* Makes, counts and frees complete trees of depth n, forty times. */
#include <stdio.h>
#include <stdlib.h>

struct tree { struct tree *left, *right; };

static struct tree *make(int depth) {
  struct tree *tree = malloc(sizeof *tree);
  tree->left = depth > 0 ? make(depth - 1) : NULL;
  tree->right = depth > 0 ? make(depth - 1) : NULL;
  return tree;
}

static int count(struct tree *tree) { return tree->left ? 1 + count(tree->left) + count(tree->right) : 1; }

static void drop(struct tree *tree) {
  if (tree->left) {
    drop(tree->left);
    drop(tree->right);
  }
  free(tree);
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]), total = 0;
  for (int i = 0; i < 40; i++) {
    struct tree *tree = make(n);
    total += count(tree);
    drop(tree);
  }
  printf("%d\n", total);
}
