-- Hostile: inserts at the front of an ever longer list.
-- Expected: limit instructions
local list = {}
while true do table.insert(list, 1, true) end
