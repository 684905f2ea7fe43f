-- Hostile: fills the array part of a table until memory ends.
-- Expected: limit memory
local list = {}
for index = 1, math.huge do list[index] = index end
