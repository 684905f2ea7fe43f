-- Closures share variables; each iteration and each call has its own.
local function counter() local n = 0; return function() n = n + 1; return n end, function() return n end end
local inc, get = counter()
inc(); inc()
print(get(), counter()()) -- expect: 2	1
local list = {}
for i = 1, 3 do list[i] = function() i = i + 10; return i end end
print(list[1](), list[1](), list[2](), list[3]()) -- expect: 11	21	12	13
local acts = {}
for _, name in ipairs {"a", "b"} do acts[#acts + 1] = function() return name end end
print(acts[1](), acts[2]()) -- expect: a	b
local i = 0
local fs = {}
while i < 3 do i = i + 1; local j = i; fs[i] = function() j = j + 1; return j end end
print(fs[1](), fs[1](), fs[2](), fs[3](), i) -- expect: 2	3	3	4	3
local r = {}
repeat local k = #r; r[#r + 1] = function() return k end until k >= 2
print(r[1](), r[2](), r[3]()) -- expect: 0	1	2
local function outer() local a = 1; local function middle() local function inner() a = a + 1; return a end return inner end return middle(), function() return a end end
local bump, see = outer()
bump(); print(bump(), see()) -- expect: 3	3
local x = 1
local function setx(v) x = v end
setx(5); print(x) -- expect: 5
do local y = 1; function gety() y = y + 1; return y end end
print(gety(), gety()) -- expect: 2	3
local function vars(...) local a, b = ...; return function() return a, b end end
print(vars(1, 2)()) -- expect: 1	2
local f1, f2
do local shared = 0; f1 = function() shared = shared + 1 end; f2 = function() return shared end end
f1(); f1(); print(f2()) -- expect: 2
local rec; rec = function(n) if n == 0 then return "end" end return rec(n - 1) end
print(rec(10)) -- expect: end
