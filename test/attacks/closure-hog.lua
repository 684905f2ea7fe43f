-- Hostile: keeps closures over variables of their own.
-- Expected: limit memory
-- Limits: { "memoryBytes": 4194304, "instructions": 20000000 }
local hoard = {}
for index = 1, math.huge do hoard[index] = function() index = index + 1 end end
