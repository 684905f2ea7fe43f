-- Hostile: keeps ever more suspended coroutines.
-- Expected: limit memory
local hoard = {}
while true do
  local thread = coroutine.create(function(text) coroutine.yield(text) end)
  coroutine.resume(thread, ("x"):rep(5000) .. #hoard)
  hoard[#hoard + 1] = thread
end
