-- Hostile: uses up the memory inside a metamethod.
-- Expected: limit memory
local hoard = {}
local object = setmetatable({}, { __concat = function()
  while true do hoard[#hoard + 1] = ('x'):rep(1000) .. #hoard end
end })
return object .. 'x'
