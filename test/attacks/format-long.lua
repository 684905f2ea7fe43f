-- Expected: limit instructions
-- string.format with the longest widths, again and again.
while true do string.format(('%99.99f'):rep(30), table.unpack(setmetatable({}, { __index = function() return 1e308 end }), 1, 30)) end
