-- Hostile: searches a text for what is almost everywhere in it.
-- Expected: limit instructions
local text, wanted = ('a'):rep(1000000), ('a'):rep(10000) .. 'b'
while true do text:find(wanted, 1, true) end
