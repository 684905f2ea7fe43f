-- Concatenation of strings and numbers, its grouping, and long chains.
print("a" .. "b" .. "c", 1 .. "", 1.5 .. "x", -1 .. "", 2^63 .. "") -- expect: abc	1	1.5x	-1	9.2233720368548e+18
local a, b = "x", 3
print(a .. b .. a .. b, (a .. b) .. (a .. b)) -- expect: x3x3	x3x3
local t = {n = "N"}
print(t.n .. t.n .. "!", "[" .. a .. "]", a .. 10 // 3) -- expect: NN!	[x]	x3
local s = ""
for i = 1, 10 do s = s .. i .. "," end
print(s, #s) -- expect: 1,2,3,4,5,6,7,8,9,10,	21
print("a" .. "b" == "ab", "a" .. 1 + 2 .. "b") -- expect: true	a3b
local function f() return "f", "g" end
print(f() .. f(), (f()) .. "!") -- expect: ff	f!
print(("x"):rep(3) .. "y") -- expect: xxxy
