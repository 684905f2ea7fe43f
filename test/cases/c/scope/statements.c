// Statements with conditions are scopes, and so are their bodies: tags and enumerators end with them.
#include <stdio.h>

enum { IN = 0 };

int main(void) {
  if (sizeof(enum { IN = 1 })) printf("%d ", IN);
  printf("%d\n", IN);
  switch (sizeof(enum { IN = 2 })) { default: printf("%d ", IN); }
  while (sizeof(enum { IN = 3 })) { printf("%d ", IN); break; }
  printf("%d\n", IN);
  do printf("%d ", IN); while (0 * sizeof(enum { IN = 4 }));
  for (int i = sizeof(enum { IN = 5 }); i; i = 0) printf("%d ", IN);
  printf("%d\n", IN);
  return 0;
}

// expect: 1 0
// expect: 2 3 0
// expect: 0 5 0
