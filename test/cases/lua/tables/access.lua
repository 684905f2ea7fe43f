-- Reading and writing by every kind of key.
local t = {}
t.a = 1; t["b"] = 2; t[1] = 3; t[255] = 4; t[256] = 5; t[-1] = 6; t[1.5] = 7; t[true] = 8
print(t.a, t.b, t[1], t[255], t[256], t[-1], t[1.5], t[true]) -- expect: 1	2	3	4	5	6	7	8
print(t["a"], t["1"], t[1.0], t[255.0]) -- expect: 1	nil	3	4
local k = "a"
t[k] = "A"; print(t[k], t.a) -- expect: A	A
t[t] = "self"; print(t[t]) -- expect: self
t.f = function(x) return x end
print(t.f(5), t["f"](6)) -- expect: 5	6
t.nested = {}
t.nested.x = {y = 1}
t.nested.x.y = t.nested.x.y + 1
print(t.nested.x.y) -- expect: 2
t.a = nil; print(t.a) -- expect: nil
t["a key that is longer than forty bytes, so not interned"] = "long"
print(t["a key that is longer than forty bytes, so not interned"]) -- expect: long
local s = "a key that is longer than forty bytes, "
print(t[s .. "so not interned"]) -- expect: long
t[2^53] = "float key"; print(t[1 << 53]) -- expect: float key
t[1e300] = 1; print(t[1e300], t[-0.0], t[0]) -- expect: 1	nil	nil
t[0] = "zero"; print(t[-0.0], t[0.0]) -- expect: zero	zero
local a = {1, 2, 3}
a[#a + 1] = 4; print(#a, a[#a]) -- expect: 4	4
a[#a] = nil; print(#a) -- expect: 3
