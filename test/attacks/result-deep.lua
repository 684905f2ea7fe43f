-- Hostile: returns a value that is nested too deeply.
-- Expected: error result.depth
local value = {}
for _ = 1, 1000 do value = { value } end
return value
