-- Hostile: opens files without end.
-- Expected: limit memory
-- Limits: { "memoryBytes": 1500000 }
local files = {}
for index = 1, math.huge do files[index] = io.open('file' .. index, 'w') end
