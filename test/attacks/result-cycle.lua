-- Hostile: returns a value that contains itself.
-- Expected: error result.cycle
local value = {}
value[1] = value
return value
