// printf's conversions, flags, widths, precisions and lengths.
#include <stdio.h>

int main(void) {
  printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%8.3d] [%-8.3d|]\n", 42, 42, 42, 42, 42, 42, 7, 7, 7);
  printf("[%d] [%i] [%u] [%o] [%x] [%X] [%#o] [%#x] [%#X]\n", -1, -2147483647 - 1, 4294967295u, 8, 255, 255, 8, 255, 255);
  printf("[%hhd] [%hd] [%hhu] [%hu] [%lld] [%llu] [%llx]\n", 300, 70000, 300, 70000, -1LL, ~0ULL, 0x123456789abcLL);
  printf("[%.0d] [%#x] [%#o] [%x]\n", 0, 0, 0, 0);
  printf("[%c] [%5c] [%-5c] [%%]\n", 'a', 'b', 'c');
  printf("[%s] [%10s] [%-10s] [%.2s] [%10.3s] [%s]\n", "abc", "abc", "abc", "abc", "abcdef", "");
  printf("[%*d] [%-*d] [%.*f] [%*.*s]\n", 6, 42, 6, 42, 2, 3.14159, 5, 2, "xyz");
  printf("[%f] [%.0f] [%.1f] [%10.2f] [%-10.2f] [%+.2f] [%010.3f] [%#.0f]\n", 3.14159, 2.5, 0.05, 3.14159, 3.14159, 2.0, -3.14159, 1.0);
  printf("[%e] [%.2e] [%E] [%g] [%g] [%g] [%G] [%#g]\n", 12345.678, 0.00012, 1e100, 1e-5, 100000.0, 1e6, 1e-10, 1.5);
  printf("[%a] [%.2a] [%A] [%20a] [%020a]\n", 1.0, 1.999, 0.5, 3.0, 3.0);
  printf("[%f] [%5.1f] [%F] [%05f] [%e] [%+g]\n", 1.0 / 0.0, -1.0 / 0.0, 1.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 1.0 / 0.0);
  printf("[%.15g] [%.17g] [%.30f]\n", 0.1, 0.1, 0.1);
  printf("[%f] [%.3e]\n", 1e22, 1.7976931348623157e308);
  int count;
  printf("counted%n", &count);
  printf(" %d\n", count);
  char buffer[8];
  int needed = snprintf(buffer, sizeof buffer, "%s-%d", "overflow", 12345);
  printf("%s %d\n", buffer, needed);
  needed = snprintf(NULL, 0, "%d", 123456);
  printf("%d %d\n", needed, sprintf(buffer, "%x", 0xbeef));
  puts(buffer);
  fputs("fputs ", stdout);
  fprintf(stdout, "%s\n", "fprintf");
  fwrite("fwrite\n", 1, 7, stdout);
  putc('p', stdout);
  putchar('c');
  fputc('\n', stdout);
  return 0;
}

// expect: [42] [   42] [42   ] [00042] [+42] [ 42] [007] [     007] [007     |]
// expect: [-1] [-2147483648] [4294967295] [10] [ff] [FF] [010] [0xff] [0XFF]
// expect: [44] [4464] [44] [4464] [-1] [18446744073709551615] [123456789abc]
// expect: [] [0] [0] [0]
// expect: [a] [    b] [c    ] [%]
// expect: [abc] [       abc] [abc       ] [ab] [       abc] []
// expect: [    42] [42    ] [3.14] [   xy]
// expect: [3.141590] [2] [0.1] [      3.14] [3.14      ] [+2.00] [-00003.142] [1.]
// expect: [1.234568e+04] [1.20e-04] [1.000000E+100] [1e-05] [100000] [1e+06] [1E-10] [1.50000]
// expect: [0x1p+0] [0x2.00p+0] [0X1P-1] [            0x1.8p+1] [0x0000000000001.8p+1]
// expect: [inf] [ -inf] [INF] [  inf] [-inf] [+inf]
// expect: [0.1] [0.10000000000000001] [0.100000000000000005551115123126]
// expect: [10000000000000000000000.000000] [1.798e+308]
// expect: counted 7
// expect: overflo 14
// expect: 6 4
// expect: beef
// expect: fputs fprintf
// expect: fwrite
// expect: pc
