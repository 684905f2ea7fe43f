-- Hostile: doubles a string until memory ends.
-- Expected: limit memory
local text = 'x'
while true do text = text .. text end
