-- Hostile: compiles ever more text, and keeps what it is compiled to.
-- Expected: limit instructions
local count = 0
while true do
  count = count + 1
  load("local t = { " .. ("x" .. count .. " = 'text', "):rep(100) .. " } return t")
end
