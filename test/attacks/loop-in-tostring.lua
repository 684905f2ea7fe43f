-- Hostile: has a __tostring that never returns.
-- Expected: limit instructions
print(setmetatable({}, { __tostring = function() while true do end end }))
