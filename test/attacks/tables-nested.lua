-- Hostile: nests tables without end.
-- Expected: limit memory
-- Limits: { "memoryBytes": 1500000 }
local table = {}
while true do table = { table } end
