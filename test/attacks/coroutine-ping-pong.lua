-- Hostile: two coroutines resume each other's makers for ever.
-- Expected: limit instructions
local function player()
  while true do coroutine.yield() end
end
while true do
  local left, right = coroutine.wrap(player), coroutine.wrap(player)
  for _ = 1, 100 do left() right() end
end
