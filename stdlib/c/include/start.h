/* How the library starts and ends a program; not for programs. */
#ifndef _START_H
#define _START_H
void __start(void);
void __start_with_arguments(void);
/* Writes out what the standard streams still hold. */
void __flush_all(void);
#endif
