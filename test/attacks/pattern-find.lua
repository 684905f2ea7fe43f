-- Expected: limit instructions
-- string.find whose backtracking does not end.
local s = ('a'):rep(1e4) while true do s:find('.-.-.-.-b$') end
