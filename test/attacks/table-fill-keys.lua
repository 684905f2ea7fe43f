-- Hostile: makes ever new strings the keys of a table.
-- Expected: limit memory
-- Limits: { "memoryBytes": 4000000 }
local map = {}
for index = 1, math.huge do map['key ' .. index] = true end
