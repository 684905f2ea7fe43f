-- Closures and upvalues.
local function counter(step)
  local value = 0
  return function() value = value + step; return value end
end
local n = ...
local sum = 0
for i = 1, n do
  local next_value = counter(i & 3)
  next_value()
  sum = sum + next_value()
end
return sum
