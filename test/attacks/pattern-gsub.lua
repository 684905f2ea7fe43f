-- Expected: limit instructions
-- string.gsub whose backtracking does not end.
local s = ('ab'):rep(1e4) while true do s:gsub('(a)(b)', '%2%1') end
