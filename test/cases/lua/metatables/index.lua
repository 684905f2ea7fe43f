-- __index and __newindex as functions and tables, chains, rawget and rawset.
local log = {}
local t = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = "get " .. tostring(k); return "v" .. tostring(k) end,
  __newindex = function(o, k, v) log[#log + 1] = "set " .. tostring(k); rawset(o, k, v) end,
})
print(t.x, t[1], t["y z"], t[true]) -- expect: vx	v1	vy z	vtrue
t.x = 1; t.x = 2; t[1] = "one"
print(t.x, t[1], table.concat(log, ", ")) -- expect: 2	one	get x, get 1, get y z, get true, set x, set 1
local base = {a = "base a", f = function(self) return self.a end}
local mid = setmetatable({b = "mid b"}, {__index = base})
local top = setmetatable({}, {__index = mid})
print(top.a, top.b, top.c, top:f(), rawget(top, "a")) -- expect: base a	mid b	nil	base a	nil
top.a = "own"
print(top.a, top:f(), base.a) -- expect: own	own	base a
local store = {}
local proxy = setmetatable({}, {__newindex = store, __index = store})
proxy.k = "kept"
print(rawget(proxy, "k"), store.k, proxy.k) -- expect: nil	kept	kept
local readonly = setmetatable({}, {__newindex = function(_, k) error("no " .. k, 0) end})
print(pcall(function() readonly.x = 1 end)) -- expect: false	no x
local default = setmetatable({}, {__index = function(t, k) local v = k * 2; t[k] = v; return v end})
print(default[4], rawget(default, 4)) -- expect: 8	8
setmetatable(_G, {__index = function(_, k) return "global " .. k end})
print(undefined_name, rawget(_G, "undefined_name")) -- expect: global undefined_name	nil
setmetatable(_G, nil)
print(undefined_name) -- expect: nil
local s = setmetatable({}, {__index = string})
print(s.upper("x"), ("x").len == string.len) -- expect: X	true
