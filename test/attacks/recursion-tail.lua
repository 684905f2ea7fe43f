-- Hostile: calls itself as a tail call without end.
-- Expected: limit instructions
local function again() return again() end
return again()
