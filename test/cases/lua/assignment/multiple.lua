-- Multiple assignment evaluates everything first, then assigns.
local a, b, c = 1, 2, 3
a, b = b, a
print(a, b) -- expect: 2	1
a, b, c = c
print(a, b, c) -- expect: 3	nil	nil
local i, t = 1, {}
i, t[i] = i + 1, 20
print(i, t[1], t[2]) -- expect: 2	20	nil
local t2 = {1, 2}
t2[1], t2[2] = t2[2], t2[1]
print(t2[1], t2[2]) -- expect: 2	1
local function f() return 1, 2, 3 end
a, b, c = f()
print(a, b, c) -- expect: 1	2	3
a, b, c = 0, f()
print(a, b, c) -- expect: 0	1	2
a, b = f(), 10
print(a, b) -- expect: 1	10
x, y = 1, 2
x, y = y, x
print(x, y) -- expect: 2	1
local o = {p = {}}
o.p.q, o.r, o["s"] = 1, 2, 3
print(o.p.q, o.r, o.s) -- expect: 1	2	3
do local a = {}; local i = 3; i, a[i], a, b = i + 1, 20, nil, "b"; print(i, a, b) end -- expect: 4	nil	b
local q = {}
q.x, q = 5, {x = 6}
print(q.x) -- expect: 6
local u = 1
local function up() u, v = 2, u; return u, v end
print(up()) -- expect: 2	1
local n <const> = 5
local m, k = n, n + 1
print(m, k) -- expect: 5	6
local z = {}
z.a, z.b, z.c = (f())
print(z.a, z.b, z.c) -- expect: 1	nil	nil
a = {f(), f()}; a[1], a[#a] = a[#a], a[1]
print(a[1], a[4]) -- expect: 3	1
