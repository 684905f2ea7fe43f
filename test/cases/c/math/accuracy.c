// Points at which functions of mathematics are hard to get right: each result is the double nearest to the true one.
#include <math.h>
#include <stdio.h>

int main(void) {
  printf("%a\n", tgamma(-150.3)); // expect: -0x1.e6d0a9ed79e9fp-874
  printf("%a\n", tgamma(-0.7)); // expect: -0x1.1183cf1a167e7p+2
  printf("%a\n", tgamma(0.001)); // expect: 0x1.f3b63e2d41242p+9
  printf("%a\n", tgamma(33.7)); // expect: 0x1.23fc949cde122p+121
  printf("%a\n", tgamma(170.5)); // expect: 0x1.9589f849167a8p+1015
  printf("%a\n", lgamma(-2.7)); // expect: -0x1.247bc18222532p-4
  printf("%a\n", lgamma(-100.25)); // expect: -0x1.6b66a2e797b34p+8
  printf("%a\n", lgamma(1.0000001)); // expect: -0x1.efd30c8e518b9p-25
  printf("%a\n", lgamma(2.0001)); // expect: 0x1.62af2b5e4f9fbp-15
  printf("%a\n", lgamma(0.3)); // expect: 0x1.188637a6c4196p+0
  printf("%a\n", lgamma(1e10)); // expect: 0x1.9a43710f467c1p+37
  printf("%a\n", erfc(1.3)); // expect: 0x1.0e4daf646962ep-4
  printf("%a\n", erfc(26.5)); // expect: 0x1.3df6725a60cf5p-1019
  printf("%a\n", erfc(-0.4)); // expect: 0x1.6dab1f12c8281p+0
  printf("%a\n", erf(0.9)); // expect: 0x1.98045a6c8a2e6p-1
  printf("%a\n", asinh(0.03)); // expect: 0x1.eb7240d66f7ebp-6
  printf("%a\n", asinh(-1e9)); // expect: -0x1.56a9a0b23d188p+4
  printf("%a\n", acosh(1.0078)); // expect: 0x1.ff421ef0df2ccp-4
  printf("%a\n", atanh(0.031)); // expect: 0x1.fc11194f7dc77p-6
  printf("%a\n", cbrt(7.1)); // expect: 0x1.ec08049237535p+0
  printf("%a\n", log10(1.0001)); // expect: 0x1.6c4b5defc34d7p-15
  printf("%a\n", expm1(1e-9)); // expect: 0x1.12e0be84bbb51p-30
}
