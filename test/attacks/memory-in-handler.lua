-- Hostile: catches the end of memory with a handler that wants more.
-- Expected: limit instructions
local hoard = {}
local function want() while true do hoard[#hoard + 1] = ('x'):rep(1000) .. #hoard end end
while true do xpcall(want, want) end
