/* Diagnostics (C99 7.2). Included again, it follows NDEBUG anew. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __assert_failed(#condition, __FILE__, __LINE__, __func__))
#endif
_Noreturn void __assert_failed(const char *condition, const char *file, int line, const char *function);
