-- Hostile: uses up the memory inside a sort comparator.
-- Expected: limit memory
local hoard = {}
table.sort({ 3, 1, 2 }, function()
  while true do hoard[#hoard + 1] = ('x'):rep(1000) .. #hoard end
end)
