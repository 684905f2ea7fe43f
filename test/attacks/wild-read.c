/* Hostile: reads through a pointer to nowhere.
 * Expected: error trap.memory_out_of_bounds */
int main(void) { return *(volatile int *)0x7ffffff0; }
