/* Atomics (C11 7.17). There is one thread, so every operation is one already. */
#ifndef _STDATOMIC_H
#define _STDATOMIC_H
#include <stddef.h>
typedef enum {
  memory_order_relaxed, memory_order_consume, memory_order_acquire, memory_order_release, memory_order_acq_rel,
  memory_order_seq_cst
} memory_order;
typedef _Bool atomic_bool;
typedef char atomic_char;
typedef signed char atomic_schar;
typedef unsigned char atomic_uchar;
typedef short atomic_short;
typedef unsigned short atomic_ushort;
typedef int atomic_int;
typedef unsigned atomic_uint;
typedef long atomic_long;
typedef unsigned long atomic_ulong;
typedef long long atomic_llong;
typedef unsigned long long atomic_ullong;
typedef size_t atomic_size_t;
typedef ptrdiff_t atomic_ptrdiff_t;
typedef long atomic_intptr_t;
typedef unsigned long atomic_uintptr_t;
typedef long long atomic_intmax_t;
typedef unsigned long long atomic_uintmax_t;
typedef unsigned short atomic_char16_t;
typedef unsigned atomic_char32_t;
typedef int atomic_wchar_t;
typedef struct { _Bool is_set; } atomic_flag;
#define ATOMIC_BOOL_LOCK_FREE 2
#define ATOMIC_CHAR_LOCK_FREE 2
#define ATOMIC_SHORT_LOCK_FREE 2
#define ATOMIC_INT_LOCK_FREE 2
#define ATOMIC_LONG_LOCK_FREE 2
#define ATOMIC_LLONG_LOCK_FREE 2
#define ATOMIC_POINTER_LOCK_FREE 2
#define ATOMIC_CHAR16_T_LOCK_FREE 2
#define ATOMIC_CHAR32_T_LOCK_FREE 2
#define ATOMIC_WCHAR_T_LOCK_FREE 2
#define ATOMIC_FLAG_INIT {0}
#define ATOMIC_VAR_INIT(value) (value)
#define kill_dependency(value) (value)
#define atomic_init(object, value) ((void)(*(object) = (value)))
#define atomic_thread_fence(order) ((void)(order))
#define atomic_signal_fence(order) ((void)(order))
#define atomic_is_lock_free(object) ((void)(object), 1)
#define atomic_store(object, value) ((void)(*(object) = (value)))
#define atomic_load(object) __ATOMIC_CHANGE(object, (void)0)
#define __ATOMIC_CHANGE(object, change) \
  ({ __typeof__(object) __object = (object); __typeof__(*__object) __old = *__object; change; __old; })
#define atomic_exchange(object, value) __ATOMIC_CHANGE(object, *__object = (value))
#define atomic_fetch_add(object, value) __ATOMIC_CHANGE(object, *__object += (value))
#define atomic_fetch_sub(object, value) __ATOMIC_CHANGE(object, *__object -= (value))
#define atomic_fetch_or(object, value) __ATOMIC_CHANGE(object, *__object |= (value))
#define atomic_fetch_xor(object, value) __ATOMIC_CHANGE(object, *__object ^= (value))
#define atomic_fetch_and(object, value) __ATOMIC_CHANGE(object, *__object &= (value))
#define atomic_compare_exchange_strong(object, expected, value) \
  ({ __typeof__(object) __object = (object), __expected = (expected); int __same = *__object == *__expected; \
     if (__same) *__object = (value); else *__expected = *__object; __same; })
#define atomic_compare_exchange_weak(object, expected, value) atomic_compare_exchange_strong(object, expected, value)
#define atomic_store_explicit(object, value, order) atomic_store(object, value)
#define atomic_load_explicit(object, order) atomic_load(object)
#define atomic_exchange_explicit(object, value, order) atomic_exchange(object, value)
#define atomic_fetch_add_explicit(object, value, order) atomic_fetch_add(object, value)
#define atomic_fetch_sub_explicit(object, value, order) atomic_fetch_sub(object, value)
#define atomic_fetch_or_explicit(object, value, order) atomic_fetch_or(object, value)
#define atomic_fetch_xor_explicit(object, value, order) atomic_fetch_xor(object, value)
#define atomic_fetch_and_explicit(object, value, order) atomic_fetch_and(object, value)
#define atomic_compare_exchange_strong_explicit(object, expected, value, success, failure) \
  atomic_compare_exchange_strong(object, expected, value)
#define atomic_compare_exchange_weak_explicit(object, expected, value, success, failure) \
  atomic_compare_exchange_strong(object, expected, value)
#define atomic_flag_test_and_set(flag) __ATOMIC_CHANGE(&(flag)->is_set, *__object = 1)
#define atomic_flag_clear(flag) ((void)((flag)->is_set = 0))
#define atomic_flag_test_and_set_explicit(flag, order) atomic_flag_test_and_set(flag)
#define atomic_flag_clear_explicit(flag, order) atomic_flag_clear(flag)
#endif
