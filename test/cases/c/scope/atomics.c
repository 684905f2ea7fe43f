// Atomics and thread-local objects: there is one thread, so they are ordinary ones.
#include <stdatomic.h>
#include <stdio.h>

static _Thread_local int own = 3;
static atomic_int count = ATOMIC_VAR_INIT(5);
static _Atomic(unsigned) bits;

int main(void) {
  printf("%d %d\n", atomic_fetch_add(&count, 2), atomic_load(&count)); // expect: 5 7
  int expected = 1;
  printf("%d ", atomic_compare_exchange_strong(&count, &expected, 9));
  printf("%d ", atomic_compare_exchange_weak(&count, &expected, 9));
  printf("%d %d\n", expected, count); // expect: 0 1 7 9
  atomic_store_explicit(&bits, 6, memory_order_release);
  printf("%u %u\n", atomic_fetch_xor(&bits, 3), atomic_exchange(&bits, 0)); // expect: 6 5
  atomic_flag flag = ATOMIC_FLAG_INIT;
  printf("%d %d\n", atomic_flag_test_and_set(&flag), atomic_flag_test_and_set(&flag)); // expect: 0 1
  printf("%d\n", ++own); // expect: 4
}
