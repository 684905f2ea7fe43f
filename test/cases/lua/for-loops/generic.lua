-- The generic for: stateless and stateful iterators, the number of values, what the list may be.
for i, v in ipairs {"a", "b", "c"} do io.write(i, v, " ") end
print() -- expect: 1a 2b 3c
local function range(n) local i = 0; return function() i = i + 1; if i <= n then return i, i * i end end end
for i, sq in range(3) do io.write(i, "=", sq, " ") end
print() -- expect: 1=1 2=4 3=9
local function step(state, control) control = control + state; if control <= 10 then return control end end
for i in step, 3, 0 do io.write(i, " ") end
print() -- expect: 3 6 9
local keys = {}
for k, v in pairs {x = 1, y = 2, z = 3} do keys[v] = k end
print(table.concat(keys, ",")) -- expect: x,y,z
for k, v in next, {10} do print(k, v) end -- expect: 1	10
local t = setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1; if c < 4 then return c end end})
for i in t do io.write(i, " ") end
print() -- expect: 1 2 3
for a, b, c, d in range(1) do print(a, b, c, d) end -- expect: 1	1	nil	nil
for i in range(3) do i = i * 100; io.write(i, " ") end
print() -- expect: 100 200 300
local function three() return step, 4, 0 end
for i in three() do io.write(i, " ") end
print() -- expect: 4 8
for i in (function() return step, 5, 0 end)() do io.write(i, " ") end
print() -- expect: 5 10
for k, v in pairs({}) do print "never" end
local proxy = setmetatable({}, {__pairs = function(o) return function(_, k) if not k then return 1, "proxied" end end, o, nil end})
for k, v in pairs(proxy) do print(k, v) end -- expect: 1	proxied
local function outer() for i in range(5) do if i == 3 then return i end end end
print(outer()) -- expect: 3
for _, f in ipairs {function() return "f1" end, function() return "f2" end} do io.write(f(), " ") end
print() -- expect: f1 f2
for i in (nil or range(2)) do io.write(i, " ") end
for i in step, 3, (step and 6) do io.write(i, " ") end
for i in step, 3, (range(2)) and 0 do io.write(i, " ") end
print() -- expect: 1 2 9 3 6 9
