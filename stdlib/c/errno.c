/* errno: one number, as there are no threads. */
#include <errno.h>

int errno;
