/* Jumps out of functions (C99 7.13). A jmp_buf names a call that has not returned; a dead one traps. */
#ifndef _SETJMP_H
#define _SETJMP_H
typedef int jmp_buf[4];
typedef jmp_buf sigjmp_buf;
extern int __jump_generation;
#define setjmp(buffer) __builtin_set_jump(buffer, __jump_generation += 2)
#define _setjmp(buffer) setjmp(buffer)
#define sigsetjmp(buffer, mask) setjmp(buffer)
_Noreturn void longjmp(jmp_buf buffer, int value);
#define _longjmp(buffer, value) longjmp(buffer, value)
#define siglongjmp(buffer, value) longjmp(buffer, value)
#endif
