/* Characters of 16 and 32 bits (C11 7.28): one code point each, so a char16_t holds none above 0xffff. */
#ifndef _UCHAR_H
#define _UCHAR_H
#include <wchar.h>
typedef unsigned short char16_t;
typedef unsigned int char32_t;
size_t mbrtoc16(char16_t *restrict to, const char *restrict s, size_t size, mbstate_t *restrict state);
size_t c16rtomb(char *restrict to, char16_t c, mbstate_t *restrict state);
size_t mbrtoc32(char32_t *restrict to, const char *restrict s, size_t size, mbstate_t *restrict state);
size_t c32rtomb(char *restrict to, char32_t c, mbstate_t *restrict state);
#endif
