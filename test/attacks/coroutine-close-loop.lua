-- Hostile: closing a coroutine runs a handler that never ends.
-- Expected: limit instructions
local thread = coroutine.create(function()
  local trap <close> = setmetatable({}, { __close = function() while true do end end })
  coroutine.yield()
end)
coroutine.resume(thread)
coroutine.close(thread)
