-- string.dump and load of what it makes; what is not a chunk, or not all of one, is refused.
local function adder(x)
  local function add(y) return x + y end
  return add, "text", 1.5, 2 ^ 53 | 0
end
local dumped = string.dump(adder)
local back = load(dumped, "chunk", "b")
local add, text, float, integer = back(3)
print(add(4), text, float, integer) -- expect: 7	text	1.5	9007199254740992
print(dumped:sub(1, 4) == "\27Lua", dumped:byte(5) == 0x54, string.unpack("<jn", dumped, 16)) -- expect: true	true	22136	370.5	32
-- The first upvalue is the environment; the others are fresh.
local a, b = 1, 2
local function upvalues() return a, b end
local copy = load(string.dump(upvalues))
print((debug.getupvalue(copy, 1)), copy() == _G, select(2, copy()), select("#", copy())) -- expect: a	true	nil	2
print(load(string.dump(load("return x")), "c", "b", { x = "given" })()) -- expect: given
print(select(2, load(dumped, "c", "t"))) -- expect: attempt to load a binary chunk (mode is 't')
-- Without what only messages need.
local stripped = load(string.dump(function(t) return t + 1 end, true), "=name")
print(#string.dump(adder, true) < #dumped, debug.getinfo(stripped, "S").source) -- expect: true	=?
print(pcall(stripped, {})) -- expect: false	?:-1: attempt to perform arithmetic on a table value
print((debug.getupvalue(load(string.dump(upvalues, true)), 1))) -- expect: (no name)
-- Every beginning of a chunk is truncated, every change of its header refused.
local truncated, refused = 0, 0
for i = 1, #dumped - 1 do
  local chunk, message = load(dumped:sub(1, i), "=c")
  if chunk == nil and message == "c: bad binary format (truncated chunk)" then truncated = truncated + 1 end
end
for i = 1, 31 do
  if not load(dumped:sub(1, i - 1) .. string.char((dumped:byte(i) + 1) % 256) .. dumped:sub(i + 1)) then refused = refused + 1 end
end
print(truncated == #dumped - 1, refused) -- expect: true	31
print(pcall(string.dump, print)) -- expect: false	unable to dump given function
print(pcall(string.dump, 1)) -- expect: false	bad argument #1 to 'string.dump' (function expected, got number)
