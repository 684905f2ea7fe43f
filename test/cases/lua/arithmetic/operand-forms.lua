-- Each operator with a constant on either side, in registers, and with values that do not fit in an instruction.
local function all(x, y)
  return x + y, x - y, x * y, x / y, x % y, x // y, x ^ y
end
print(all(7, 2)) -- expect: 9	5	14	3.5	1	3	49.0
print(all(7.5, 2)) -- expect: 9.5	5.5	15.0	3.75	1.5	3.0	56.25
local x = 7
print(x + 1, x + -1, x + 127, x + 128, x + -128, x + -129, x + 100000, x + 1.5) -- expect: 8	6	134	135	-121	-122	100007	8.5
print(x - 1, x - -1, x - 127, x - 100000, x - 1.5) -- expect: 6	8	-120	-99993	5.5
print(1 + x, 1 - x, 2 * x, 100 / x, 100 % x, 100 // x, 2 ^ x) -- expect: 8	-6	14	14.285714285714	2	14	128.0
print(x * 2, x / 2, x % 4, x // 2, x ^ 2) -- expect: 14	3.5	3	3	49.0
print(x & 3, 3 & x, x | 8, 8 | x, x ~ 1, 1 ~ x, x << 2, 2 << x, x >> 1, 256 >> x) -- expect: 3	3	15	15	6	6	28	256	3	2
print(x + 9223372036854775807, 9223372036854775807 - x) -- expect: -9223372036854775802	9223372036854775800
local s = "5"
print(s + 1, 1 + s, s * s, s - 1, s / 2) -- expect: 6	6	25	4	2.5
local t = {1, 2, 3}
print(t[1] + t[2] * t[3], #t + 1, 1 + #t, -t[1], -#t) -- expect: 7	4	4	-1	-3
