-- Closures that share variables, many arguments, deep calls.
local case, shared = {}, 0
local function counter(start)
  return function() start = start + 1 return start end, function() return start end
end
local function depth(n, ...)
  if n == 0 then return select('#', ...) end
  return (depth(n - 1, n, ...)) + 0
end
function case.work()
  local functions = {}
  for i = 1, 10 do
    local up, get = counter(i)
    functions[#functions + 1] = function() shared = shared + 1 return up() + get() end
  end
  local sum = 0
  for _, f in ipairs(functions) do sum = sum + f() end
  local function many(...) return select('#', ...), (select(-1, ...)) end
  local count, last = many(table.unpack(functions, 1, 10))
  return sum + depth(60) + count + last()
end
function case.check()
  local up, get = counter(1)
  assert(up() == 2 and get() == 2 and shared % 1 == 0)
end
return case
