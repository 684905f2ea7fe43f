-- Hostile: keeps ever more, and ever larger, strings in a table, so that no collection can free anything.
-- Expected: limit memory
local hoard, text = {}, "x"
while true do
  text = text .. text .. #hoard
  hoard[#hoard + 1] = text
end
