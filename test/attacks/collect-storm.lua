-- Hostile: asks for collections without end.
-- Expected: limit instructions
local kept = {}
for index = 1, 1000 do kept[index] = { index } end
while true do collectgarbage() end
