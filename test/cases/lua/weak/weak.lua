-- Weak keys, weak values, both; ephemerons; what is never taken out.
local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local function weak(mode) return setmetatable({}, { __mode = mode }) end
local kept = {}
local v = weak("v")
for i = 1, 20 do v[i] = {} end
for i = 1, 20 do v["k" .. i] = {} end
v[5], v.k7, v.text, v.number, v.yes = kept, kept, "a" .. "b", 1.5, true
collectgarbage()
print(count(v), v[5] == kept, v.k7 == kept, v.text, v.number, v.yes) -- expect: 5	true	true	ab	1.5	true
print(v[1], v.k1, #v) -- expect: nil	nil	0
local k = weak("k")
for i = 1, 20 do k[{}] = i end
k[kept], k.name, k[1], k[print] = "kept", {}, {}, {}
collectgarbage()
print(count(k), k[kept], type(k.name), type(k[1]), type(k[print])) -- expect: 4	kept	table	table	table
-- A value that refers to its key does not keep it.
for i = 1, 10 do local key = {} k[key] = { key } end
collectgarbage()
print(count(k)) -- expect: 4
-- A chain: each value is the next one's key.
local e = weak("k")
local first = {}
local at = first
for i = 1, 50 do local following = {} e[at] = following at = following end
collectgarbage()
print(count(e)) -- expect: 50
local length = 0
at = first
while e[at] do at = e[at] length = length + 1 end
print(length) -- expect: 50
first, at = nil, nil
collectgarbage()
print(count(e)) -- expect: 0
-- Across tables.
local a, b = weak("k"), weak("k")
local x, y = {}, {}
a[x] = y
b[y] = { "end" }
y = nil
collectgarbage()
print(b[a[x]][1]) -- expect: end
x = nil
collectgarbage()
print(count(a), count(b)) -- expect: 0	0
local both = weak("kv")
both[{}] = 1
both[1] = {}
both[kept] = {}
both.x = kept
both[kept] = kept
collectgarbage()
print(count(both), both.x == kept, both[kept] == kept) -- expect: 2	true	true
-- Removed entries can be walked over and written again.
local walked = weak("k")
for i = 1, 100 do walked[{}] = i end
local seen = 0
for key in pairs(walked) do seen = seen + 1 if seen % 10 == 0 then collectgarbage() end end
print(seen > 0 and seen <= 100) -- expect: true
for i = 1, 100 do walked[i] = i end
print(count(walked) >= 100) -- expect: true
-- Closures, coroutines and weak tables as their own values.
local c = weak("v")
c[1], c[2], c[3] = function() return kept end, coroutine.create(print), c
collectgarbage()
print(c[2] == nil, c[3] == c) -- expect: true	true
-- The mode is what it is at the time of a collection.
local changing = setmetatable({}, {})
changing[1] = {}
collectgarbage()
print(type(changing[1])) -- expect: table
getmetatable(changing).__mode = "v"
collectgarbage()
print(changing[1]) -- expect: nil
