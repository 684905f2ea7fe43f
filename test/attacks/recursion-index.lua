-- Hostile: recurses through __index.
-- Expected: error guest_error
-- Limits: { "memoryBytes": 100000000 }
local object = setmetatable({}, { __index = function(self, key) return self[key] end })
return object.field
