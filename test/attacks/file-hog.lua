-- Hostile: writes to a file without end.
-- Expected: limit memory
local file = io.open('hoard', 'w')
local text = ('x'):rep(1000)
while true do file:write(text) end
