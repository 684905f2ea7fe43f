-- The line of an error is the line of the operation that fails.
local function try(f) print((select(2, pcall(f)))) end
try(function()

local t
t.x = 1 end)
try(function() local x = 1 +
2 +
{} end)
try(function() local t = {}
t.a
.b
.c = 1 end)
try(function() local f
f(
1,
2) end)
try(function() local s = 'a' ..
'b' ..
{} ..
'c' end)
try(function() local t = {
1,
x = nil + 1,
} end)
try(function() for i = 1,
'x'
do end end)
try(function() local function f()
  error('in f')
end
f() end)
try(function() if true then
  local a
  a()
end end)
try(function() return 1 <
{} end)
try(function() local t = {}
return t:x(
1
) end)
try(function() error('last') end)
try(function() x = [[

]] .. {} end)
try(function() local a = {}
local b = a.x
  .y end)
try(function() local function f(x)
 return x
end
return f(1)
 + f(nil) end)
try(function() local f = function()

  return nil .. 'x'
end
f() end)
-- expect: lines.lua:6: attempt to index a nil value (local 't')
-- expect: lines.lua:8: attempt to perform arithmetic on a table value
-- expect: lines.lua:12: attempt to index a nil value (field 'a')
-- expect: lines.lua:15: attempt to call a nil value (local 'f')
-- expect: lines.lua:20: attempt to concatenate a table value
-- expect: lines.lua:24: attempt to perform arithmetic on a nil value
-- expect: lines.lua:28: bad 'for' limit (number expected, got string)
-- expect: lines.lua:30: in f
-- expect: lines.lua:35: attempt to call a nil value (local 'a')
-- expect: lines.lua:38: attempt to compare number with table
-- expect: lines.lua:40: attempt to call a nil value (method 'x')
-- expect: lines.lua:43: last
-- expect: lines.lua:46: attempt to concatenate a table value
-- expect: lines.lua:49: attempt to index a nil value (field 'x')
-- expect: lines.lua:54: attempt to perform arithmetic on a nil value
-- expect: lines.lua:57: attempt to concatenate a nil value
