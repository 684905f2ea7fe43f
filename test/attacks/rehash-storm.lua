-- Hostile: grows and forgets large tables.
-- Expected: limit instructions
while true do
  local map = {}
  for index = 1, 10000 do map[index * 3] = index end
end
