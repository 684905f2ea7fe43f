-- Hostile: has two metatables that name each other.
-- Expected: error guest_error
local a, b = {}, {}
setmetatable(a, { __index = b })
setmetatable(b, { __index = a })
return a.field
