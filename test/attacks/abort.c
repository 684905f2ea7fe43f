/* Hostile: ends itself in the hard way.
 * Expected: error trap.aborted */
#include <stdlib.h>
int main(void) { abort(); }
