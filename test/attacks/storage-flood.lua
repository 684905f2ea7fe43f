-- Hostile: fills the storage with new keys without end.
-- Expected: limit storage_bytes
-- Limits: { "storageBytes": 1000000 }
-- Grants: { "capabilities": ["storage"] }
local storage = require('gazelle').storage
local value = ('x'):rep(10000)
for index = 1, math.huge do storage.put('key' .. index, value) end
