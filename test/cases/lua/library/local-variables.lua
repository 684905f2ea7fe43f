-- Local variables, parameters, extra arguments and temporaries of what runs; what getinfo says beside them.
local function names(level)
  local list = {}
  for i = 1, 100 do
    local name, value = debug.getlocal(level + 1, i)
    if name == nil or name:sub(1, 1) == "(" then break end
    list[#list + 1] = name .. "=" .. tostring(value)
  end
  return table.concat(list, " ")
end
local function f(a, b, ...)
  local c = a + b
  do local hidden = 1 end
  print(names(1)) -- expect: a=1 b=2 c=3
  print(debug.getlocal(1, -1)) -- expect: (vararg)	extra
  print(debug.getlocal(1, -3)) -- expect: nil
  print(debug.setlocal(1, 3, "new"), c) -- expect: c	new
  print(debug.setlocal(1, -2, "changed"), (select(2, ...))) -- expect: (vararg)	changed
  print(debug.setlocal(1, -3, 1)) -- expect: nil
end
f(1, 2, "extra", "more")
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3), debug.getlocal(print, 1)) -- expect: a	b	nil	nil
print(debug.getlocal(0, 2)) -- expect: (C temporary)	2
local function inner() return select(2, debug.getlocal(2, 2)) end
local function outer(x) return (x * 2) + inner() end
print(outer(21)) -- expect: 84
local co = coroutine.create(function(x) local y = x + 1 coroutine.yield() return y end)
coroutine.resume(co, 5)
print(debug.getlocal(co, 1, 2)) -- expect: y	6
print(debug.setlocal(co, 1, 2, 10), select(2, coroutine.resume(co))) -- expect: y	10
print(pcall(debug.getlocal, 50, 1)) -- expect: false	bad argument #1 to 'debug.getlocal' (level out of range)
local function tailed() return debug.getinfo(1, "tn") end
local function caller() return tailed() end
local info = caller()
print(info.istailcall, info.name) -- expect: true	nil
print((tailed()).istailcall, tailed().name) -- expect: false	tailed
local function spread()

  local a = 1

  return a
end
local active, first = debug.getinfo(spread, "L").activelines, debug.getinfo(spread, "S").linedefined
local found = {}
for line in pairs(active) do found[#found + 1] = line - first end
table.sort(found)
print(table.concat(found, " ")) -- expect: 2 4 5
print(pcall(debug.getinfo, 1, "X")) -- expect: false	bad argument #2 to 'debug.getinfo' (invalid option)
print(load("return debug.getinfo(1, 'S').source", "@name.lua")(), load("return debug.getinfo(1, 'S').source", "text")()) -- expect: @name.lua	text
local closing = setmetatable({}, { __close = function() print(debug.getinfo(1, "n").name) end })
do local c <close> = closing end -- expect: close
print(setmetatable({}, { __add = function() return debug.getinfo(1, "n").name end }) + 1) -- expect: add
for name in function(_, last) if not last then return debug.getinfo(1, "n").name end end do print(name) end -- expect: for iterator
-- Light userdata stand for upvalues.
local up = 1
local function one() return up end
local function two() return up end
local id = debug.upvalueid(one, 1)
print(type(id), id == debug.upvalueid(two, 1), debug.upvalueid(one, 2), getmetatable(id)) -- expect: userdata	true	nil	nil
print(pcall(debug.setuservalue, id, 1)) -- expect: false	bad argument #1 to 'debug.setuservalue' (userdata expected, got light userdata)
print(debug.setuservalue(io.stdin, 1), debug.getuservalue(io.stdin), (debug.getupvalue(string.gmatch("x", "x"), 1))) -- expect: nil	nil	
