-- Hostile: sorts with comparators that contradict themselves.
-- Expected: limit instructions
local list = {}
while true do
  for index = 1, 1000 do list[index] = index end
  pcall(table.sort, list, function() return math.random() < 0.5 end)
end
