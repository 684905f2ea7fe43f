-- Hostile: keeps the compiler at work. What was compiled counts as memory, but its charge comes first.
-- Expected: limit instructions
local text = "return function() " .. ("x.y = x.y + 1 "):rep(400) .. "end"
while true do load(text) end
