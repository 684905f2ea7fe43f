-- All forms of fields, in all orders.
local t = {1, 2, 3}
print(#t, t[1], t[3], t[4]) -- expect: 3	1	3	nil
t = {x = 1, ["y z"] = 2, [3] = "three", [1.0] = "one", [true] = "yes"}
print(t.x, t["y z"], t[3], t[1], t[true]) -- expect: 1	2	three	one	yes
t = {10, x = 1, 20, y = 2; 30,}
print(#t, t[1], t[2], t[3], t.x, t.y) -- expect: 3	10	20	30	1	2
local function f() return 1, 2, 3 end
t = {f(), f()}
print(#t) -- expect: 4
t = {f(), (f())}
print(#t) -- expect: 2
t = {(f())}
print(#t) -- expect: 1
t = {f(), nil}
print(t[1], t[2]) -- expect: 1	nil
print(#{...}, #{n = 1}, #{{}, {}}) -- expect: 0	0	2
local nested = {a = {b = {c = {1, {2}}}}}
print(nested.a.b.c[2][1]) -- expect: 2
local key = "k"
print(({[key] = 5, key = 6}).k, ({[key .. "2"] = 7}).k2, ({key}) [1]) -- expect: 5	7	k
local long = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,
31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,f()}
print(#long, long[50], long[51], long[60], long[63]) -- expect: 63	50	51	60	3
local fn = {function() return "called" end, m = function(self) return self.v end, v = "V"}
print(fn[1](), fn:m()) -- expect: called	V
