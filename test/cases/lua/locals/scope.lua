-- Where a local variable is visible.
local x = 1
do
  local x = x + 1
  print(x) -- expect: 2
  do local x = x + 10; print(x) end -- expect: 12
  print(x) -- expect: 2
end
print(x) -- expect: 1
local x = "again"
print(x) -- expect: again
local function f() return f end
print(f() == f) -- expect: true
local g = function() return g end
print(g()) -- expect: nil
for x = 1, 1 do print(x) end -- expect: 1
print(x) -- expect: again
local a, b, c = 1, 2
print(a, b, c) -- expect: 1	2	nil
local a, a = 1, 2
print(a) -- expect: 2
repeat local done = true; local n = 5 until done and n == 5
print(done, n) -- expect: nil	nil
if true then local y = 3 end
print(y) -- expect: nil
