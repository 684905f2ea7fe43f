-- Floats, their special values and their text.
print(1.0, -1.0, 0.1, 1e100, 1e-5, 123456.789) -- expect: 1.0	-1.0	0.1	1e+100	1e-05	123456.789
print(1/0, -1/0, 0/0 ~= 0/0, -0.0, 0.0 == -0.0) -- expect: inf	-inf	true	-0.0	true
print(3.0 == 3, 3.5 // 1, -3.5 // 1, 3.5 % 1, -3.5 % 1) -- expect: true	3.0	-4.0	0.5	0.5
print(5.5 % 2, -5.5 % 2, 5.5 % -2, 1e308 * 10, -1e308 * 10) -- expect: 1.5	0.5	-0.5	inf	-inf
print(2^10, 2^0.5, 2^-1, (-2)^2, -2^2) -- expect: 1024.0	1.4142135623731	0.5	4.0	-4.0
print(1e15, 1e16, 123456789012345678) -- expect: 1e+15	1e+16	123456789012345678
print(0x.8, 0x1p4, 0xA.8p0, 0x1p-2) -- expect: 0.5	16.0	10.5	0.25
print(5 % math.huge, -5 % math.huge, 5 % -math.huge) -- expect: 5.0	inf	-inf
print(1e300 * 1e10 == 1/0, 100000000000000, 1e14) -- expect: true	100000000000000	1e+14
print(3 | 0, 3.0 | 0, 2^31 | 0) -- expect: 3	3	2147483648
print(7 // 0.0, -7 // 0.0, 0.0 / 0.0 ~= 0.0 / 0.0) -- expect: inf	-inf	true
print(.5, 5., 3e2, 0.1 + 0.2) -- expect: 0.5	5.0	300.0	0.3
local x = 5
print(x / 1, x * 1.0, x + 0.0, x - 0.5) -- expect: 5.0	5.0	5.0	4.5
