-- Hostile: compares long texts that differ at their ends.
-- Expected: limit instructions
local left, right = ('x'):rep(1000000) .. 'a', ('x'):rep(1000000) .. 'b'
while true do local is_less = left < right end
