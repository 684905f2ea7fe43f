-- __eq, __lt, __le, __call, __len, __tostring, __metatable.
local mt = {}
mt.__eq = function(a, b) return a.v == b.v end
mt.__lt = function(a, b) return a.v < b.v end
mt.__le = function(a, b) return a.v <= b.v end
mt.__call = function(self, ...) return self.v, ... end
mt.__tostring = function(self) return "<" .. self.v .. ">" end
local function new(v) return setmetatable({v = v}, mt) end
local a, b, c = new(1), new(2), new(1)
print(a == c, a == b, a ~= c, a < b, a <= c, a > b, a >= c, rawequal(a, c)) -- expect: true	false	false	true	true	false	true	false
if a == c then print "equal in a condition" end -- expect: equal in a condition
if not (a < b) then print "never" else print "less in a condition" end -- expect: less in a condition
print(a == 1, a ~= 1, a == nil) -- expect: false	true	false
print(a(5, 6), (b())) -- expect: 1	2
print(tostring(a), tostring(new(3))) -- expect: <1>	<3>
local n = setmetatable({}, {__lt = function(x, y) return type(x) == "number" and "truthy" or nil end})
print(5 < n, n < 5, 5 > n, n > 5) -- expect: true	false	false	true
local callable = setmetatable({}, {__call = setmetatable({}, {__call = function(inner, outer, x) return "nested", x end})})
print(callable(7)) -- expect: nested	7
print(pcall(setmetatable({}, {}), 1)) -- expect: false	attempt to call a table value
print(getmetatable(setmetatable({}, {__metatable = "locked"})), pcall(setmetatable, setmetatable({}, {__metatable = 1}), {})) -- expect: locked	false	cannot change a protected metatable
local function tail(x) return b(x) end
print(tail(9)) -- expect: 2	9
for i in setmetatable({}, {__call = function(_, _, k) k = (k or 0) + 1; return k <= 3 and k or nil end}) do io.write(i, " ") end
print() -- expect: 1 2 3
print(#setmetatable({1, 2}, {__len = function() return 42 end}), rawlen(setmetatable({1, 2}, mt))) -- expect: 42	2
