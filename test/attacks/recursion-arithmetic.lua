-- Hostile: recurses through __add.
-- Expected: error guest_error
-- Limits: { "memoryBytes": 100000000 }
local object = setmetatable({}, { __add = function(left, right) return left + right end })
return object + 1
