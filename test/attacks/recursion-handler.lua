-- Hostile: has a message handler that fails, and its handler, and so on.
-- Expected: limit instructions
local function fail() error('again') end
while true do xpcall(fail, function() fail() end) end
