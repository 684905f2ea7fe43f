-- Coroutines: a generator, a recursive walk of a tree, and a chain of filters that passes values on.
local n = ...
local yield, wrap = coroutine.yield, coroutine.wrap

local function numbers(last)
  return wrap(function() for i = 1, last do yield(i) end end)
end
local sum = 0
for value in numbers(n) do sum = (sum + value) % 1000003 end

local function tree(depth)
  if depth == 0 then return nil end
  return { left = tree(depth - 1), key = depth, right = tree(depth - 1) }
end
local function walk(node)
  if node == nil then return end
  walk(node.left)
  yield(node.key)
  walk(node.right)
end
local root = tree(8)
for _ = 1, n // 1000 do
  for key in wrap(function() walk(root) end) do sum = (sum + key) % 1000003 end
end

local function filtered(source, divisor)
  return wrap(function()
    for value in source do if value % divisor ~= 0 then yield(value) end end
  end)
end
local source = numbers(n // 2)
for _, divisor in ipairs({ 2, 3, 5 }) do source = filtered(source, divisor) end
for value in source do sum = (sum + value) % 1000003 end

-- Many short ones: resume with arguments, status, the end.
for i = 1, n // 10 do
  local routine = coroutine.create(function(a, b)
    local c = yield(a + b)
    return c * 2
  end)
  local _, first = coroutine.resume(routine, i, 1)
  local _, second = coroutine.resume(routine, first)
  if coroutine.status(routine) == "dead" or coroutine.resume(routine) then sum = (sum + second) % 1000003 end
end
return sum
