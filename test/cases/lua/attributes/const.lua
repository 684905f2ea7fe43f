-- Constants: visible like any local, in closures too.
local a <const> = 5
local b <const>, c, d<const> = 1, 2, 3
c = c + 1
print(a, b, c, d) -- expect: 5	1	3	3
local function f() return a + b end
print(f()) -- expect: 6
do local a <const> = "inner"; print(a) end -- expect: inner
local t <const> = {}
t.x = 1; t[a] = 2
print(t.x, t[5]) -- expect: 1	2
local s <const> = "str"
print(s .. a, #s, s:upper()) -- expect: str5	3	STR
local n <const> = nil
print(n, n == nil, a + 1 == 6) -- expect: nil	true	true
local big <const> = 1 << 62
print(big, -big, big | 1) -- expect: 4611686018427387904	-4611686018427387904	4611686018427387905
for i = 1, 2 do local k <const> = i * 2; io.write(k, " ") end
print() -- expect: 2 4
local x <const> = 1
do local x = 2; x = 3; print(x) end -- expect: 3
for x = 1, 2 do x = x * 10; io.write(x, " ") end
print() -- expect: 10 20
local function g(x) x = x + 1; return x, {x = 1, [x] = 2} end
print((g(5)), x) -- expect: 6	1
local v <const> = {}
v.y, v["z"], ({}).x = 1, 2, 3
print(v.y, v.z) -- expect: 1	2
