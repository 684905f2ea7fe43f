-- Coroutines: each ends, or is closed, or fails, and all of them are what their status says.
local case, made = {}, {}
local function generator(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, { i }) end end)
end
function case.work()
  made = {}
  local sum = 0
  for i = 1, 6 do
    local co = coroutine.create(function(a, ...)
      local ok, b = pcall(function() return coroutine.yield(a .. 'x') end)
      if not ok then error(b, 0) end
      local text = ('y'):rep(50) .. b
      return #text, select('#', ...), ok
    end)
    made[#made + 1] = co
    local ok, first = coroutine.resume(co, i, i, i)
    if not ok then error(first, 0) end
    local ok, size = coroutine.resume(co, first)
    if not ok then error(size, 0) end
    sum = sum + size
  end
  for value, list in generator(5) do sum = sum + value + list[1] end
  local closing = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() sum = sum + 100 end }) coroutine.yield() end)
  made[#made + 1] = closing
  coroutine.resume(closing)
  local ok, problem = coroutine.close(closing)
  if not ok then error(problem, 0) end
  local nested = coroutine.wrap(function() return coroutine.wrap(function() return coroutine.wrap(function() return 1 end)() + 1 end)() + 1 end)
  return sum + nested()
end
function case.check()
  for _, co in ipairs(made) do
    local status = coroutine.status(co)
    assert(status == 'dead' or status == 'suspended', status)
    if status == 'suspended' then assert(coroutine.close(co)) end
  end
  assert(coroutine.isyieldable() == false and select(2, coroutine.running()) == true)
end
return case
