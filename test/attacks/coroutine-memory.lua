-- Hostile: memory runs out inside nested coroutines, whose errors are swallowed, over and over.
-- Expected: limit instructions
local function eat(depth)
  if depth > 0 then return coroutine.wrap(eat)(depth - 1) end
  local hoard = {}
  while true do hoard[#hoard + 1] = ("x"):rep(100000) .. #hoard end
end
while true do pcall(coroutine.wrap(eat), 20) end
