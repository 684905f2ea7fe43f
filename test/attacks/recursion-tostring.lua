-- Hostile: recurses through __tostring.
-- Expected: error guest_error
-- Limits: { "memoryBytes": 100000000 }
local object = setmetatable({}, {})
getmetatable(object).__tostring = function(self) return tostring(self) end
return tostring(object)
