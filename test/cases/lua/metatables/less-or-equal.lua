-- Without `__le`, `a <= b` is `not (b < a)`: in every form, and across a yield.
local mt = {}
mt.__lt = function(a, b)
  local x, y = type(a) == "table" and a.n or a, type(b) == "table" and b.n or b
  return x < y
end
local function number(n) return setmetatable({ n = n }, mt) end
local one, two = number(1), number(2)
print(one <= two, two <= one, one <= one, one >= two, two >= one) -- expect: true	false	true	false	true
print(one <= 1, one <= 0, 1 <= one, 2 <= one, one >= 1, one >= 2, 0.5 >= one, one <= 0.5) -- expect: true	false	true	false	true	false	false	false
if one <= two then print("then") else print("else") end -- expect: then
if not (two <= one) then print("then") else print("else") end -- expect: then
local log = {}
local named = { __lt = function(a, b) log[#log + 1] = a.name .. "<" .. b.name return nil end }
local a, b = setmetatable({ name = "a" }, named), setmetatable({ name = "b" }, named)
print(a <= b, table.concat(log, " ")) -- expect: true	b<a
local left = setmetatable({}, { __lt = function() return "left" end })
local right = setmetatable({}, { __lt = function() return false end })
print(left <= right, right <= left) -- expect: true	false
local yields = setmetatable({}, { __lt = function() return coroutine.yield("asked") end })
local co = coroutine.wrap(function() return yields <= yields, "end" end)
print(co()) -- expect: asked
print(co(false)) -- expect: true	end
print(pcall(function() return {} <= {} end)) -- expect: false	less-or-equal.lua:24: attempt to compare two table values
local both = setmetatable({}, { __lt = function() error("not asked") end, __le = function() return false end })
print(both <= both) -- expect: false
print(pcall(function() return setmetatable({}, { __lt = function() error("inside", 0) end }) <= 1 end)) -- expect: false	inside
