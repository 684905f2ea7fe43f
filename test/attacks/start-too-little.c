/* Hostile: cannot even start.
 * Expected: limit instructions
 * Limits: { "instructions": 1 } */
int main(void) { return 0; }
