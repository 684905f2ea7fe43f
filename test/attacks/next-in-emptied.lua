-- Hostile: looks for the first entry of a large table whose entries are gone, again and again.
-- Expected: limit instructions
local list = {}
for index = 1, 50000 do list[index] = true end
for index = 1, 50000 do list[index] = nil end
while true do next(list) end
