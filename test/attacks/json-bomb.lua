-- Hostile: has a text of megabytes written, whose value holds the same list over and over.
-- Expected: limit instructions
local json = require('gazelle.json')
local value = {}
for depth = 1, 100 do value = { value, value } end
while true do pcall(json.encode, value) end
