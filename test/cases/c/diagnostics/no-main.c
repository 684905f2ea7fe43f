// A program needs main.
int helper(void) { return 1; } // error: 1:1 c.no-main
