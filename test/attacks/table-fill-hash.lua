-- Hostile: fills the hash part of a table until memory ends.
-- Expected: limit memory
-- Limits: { "memoryBytes": 4000000 }
local map = {}
for index = 1, math.huge do map[index + 0.5] = index end
