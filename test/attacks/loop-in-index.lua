-- Hostile: has an __index that never returns.
-- Expected: limit instructions
return setmetatable({}, { __index = function() while true do end end }).field
