-- Hostile: message handlers that fail in coroutines that their handlers start.
-- Expected: limit instructions
local function fail()
  xpcall(error, function() coroutine.wrap(fail)() end)
  error("again")
end
while true do pcall(coroutine.wrap(fail)) end
