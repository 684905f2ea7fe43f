-- Expected: limit memory
-- string.rep that doubles.
local s = 'x'
while true do s = s:rep(2, ('y'):rep(100)) end
