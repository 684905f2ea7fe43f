-- Text that is compiled at run time: names of chunks, environments, readers, modes, errors.
print(load("return 1 + 1")()) -- expect: 2
print(load("x = ")) -- expect: nil	[string "x = "]:1: unexpected symbol near <eof>
print(load("return ...", "=name")(1, 2)) -- expect: 1	2
print(load("local x = 5 y", "@file.lua")) -- expect: nil	file.lua:1: syntax error near <eof>
print(pcall(load("error('e')", "@file.lua"))) -- expect: false	file.lua:1: e
print(pcall(load("error('e')", "=(named)"))) -- expect: false	(named):1: e
print(pcall(load("error('e')"))) -- expect: false	[string "error('e')"]:1: e
print(pcall(load("\n\nlocal x = nil; return x.y"))) -- expect: false	[string "..."]:3: attempt to index a nil value (local 'x')
print(pcall(load("local s = 'a long line of text that does not fit into the name'; error('e')"))) -- expect: false	[string "local s = 'a long line of text that does not ..."]:1: e
print(pcall(load("error('e')", "@" .. ("long/"):rep(20) .. "file.lua"))) -- expect: false	...ng/long/long/long/long/long/long/long/long/long/file.lua:1: e
print(load("return x", "n", "t", { x = 5 })()) -- expect: 5
print(load("x = 7 return _ENV", "n", "t", {})().x, x) -- expect: 7	nil
print(load("return x", "n", "b")) -- expect: nil	attempt to load a text chunk (mode is 'b')
print(load("\27Lua", "n", "t")) -- expect: nil	attempt to load a binary chunk (mode is 't')
local parts, at = { "return ", "1", "+2", nil }, 0
print(load(function() at = at + 1 return parts[at] end)()) -- expect: 3
print(load(function() return nil end)()) -- expect: 
print(pcall(load)) -- expect: false	bad argument #1 to 'load' (function expected, got no value)
print(pcall(load, {})) -- expect: false	bad argument #1 to 'load' (function expected, got table)
print(load("goto x")) -- expect: nil	[string "goto x"]:1: no visible label 'x' for <goto> at line 1
print(load("local a <const> = 1; a = 2")) -- expect: nil	[string "local a <const> = 1; a = 2"]:1: attempt to assign to const variable 'a'
print(load("break")) -- expect: nil	[string "break"]:1: break outside loop at line 1
print(load("x = 'unfinished")) -- expect: nil	[string "x = 'unfinished"]:1: unfinished string near <eof>
x = 1
load("x = x + 1; local function f() return x end; y = f")()
print(x, y()) -- expect: 2	2
local f = load("local a, b = ... ; return function() a = a + 1; return a, b end")
local g, h = f(1, "s"), f(10, "t")
print(g()) -- expect: 2	s
print(h()) -- expect: 11	t
print(g()) -- expect: 3	s
-- Constants stay, whatever is collected; functions find those of their own chunk.
local all = {}
for i = 1, 100 do all[i] = load("local t = { key" .. i .. " = 'text " .. i .. "' } return function(k) return t[k], 'other " .. i .. "', " .. i .. ".5 end")() end
collectgarbage()
local sum, texts = 0, {}
for i = 1, 100, 33 do
  local text, other, number = all[i]("key" .. i)
  texts[#texts + 1] = text .. other
  sum = sum + number
end
print(table.concat(texts, ","), sum) -- expect: text 1other 1,text 34other 34,text 67other 67,text 100other 100	204.0
-- Loaded code in coroutines, recursion, metamethods, gotos.
print(coroutine.wrap(load("local a = ... ; local b = coroutine.yield(a) ; return b"))(3)) -- expect: 3
print(load("local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end return fib(15)")()) -- expect: 610
print(load("local t = setmetatable({}, { __add = function(a, b) return 'sum ' .. b end }) return t + 1")()) -- expect: sum 1
print(load("for i = 1, 10 do if i == 4 then goto done end end ::done:: return 'jumped'")()) -- expect: jumped
print(load("return load('return load(\"return 3\")()')()")()) -- expect: 3
local reader = coroutine.create(function() return load(function() coroutine.yield("x") end) end)
print((select(2, coroutine.resume(reader)))) -- expect: nil
print(pcall(load("local x <close> = setmetatable({}, { __close = function(_, e) error('in close: ' .. e, 0) end }) error('first', 0)"))) -- expect: false	in close: first
