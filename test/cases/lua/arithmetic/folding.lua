-- Constant expressions give what the same operations give at run time.
local function id(...) return ... end
local one, two, ten = id(1, 2, 10)
print(1 + 2 * 3 - 4, one + two * 3 - 4) -- expect: 3	3
print(1 << 62 | 1, one << 62 | 1) -- expect: 4611686018427387905	4611686018427387905
print(2^53 + 1, two^53 + 1) -- expect: 9.007199254741e+15	9.007199254741e+15
print(-(-5), - -5, ~~5, not not 5) -- expect: 5	5	5	true
print(10 // 3 * 3 + 10 % 3, ten // 3 * 3 + ten % 3) -- expect: 10	10
print(-0.0, 0.0 * -1, id(0.0) * -1) -- expect: -0.0	-0.0	-0.0
print(1 - 1.0, 0 * -1, 0.0 // -1) -- expect: 0.0	0	-0.0
print(0xff & 0x0f | 0x100 ~ 1, 1.0 << 3) -- expect: 271	8
print(5 - -5, 5 + -5, 5 * -5, 2 - -one, one - -2) -- expect: 10	0	-25	3	3
print((1 + 2) * (3 + 4), (one + 2) * (3 + 4)) -- expect: 21	21
print(3 * 2 ^ 2, -3 ^ 2, 2 ^ 3 ^ 2) -- expect: 12.0	-9.0	512.0
print(1 .. 2 == "12", 2 * 3 .. "") -- expect: true	6
print(pcall(function() return 1 // 0 end)) -- expect: false	folding.lua:16: attempt to divide by zero
print(pcall(function() return 1 % 0 end)) -- expect: false	folding.lua:17: attempt to perform 'n%0'
print(1 // 0.0, 1 % 0.0 ~= 1 % 0.0) -- expect: inf	true
local function negate(x) return -x - 1 end
print(negate(-1), negate(1)) -- expect: 0	-2
print(9007199254740993 + 0.0, 9007199254740993 == 2^53 + 1) -- expect: 9.007199254741e+15	false
