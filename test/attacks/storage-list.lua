-- Hostile: has thousands of keys listed again and again, from behind odd keys.
-- Expected: limit instructions
-- Grants: { "capabilities": ["storage"] }
local storage = require('gazelle').storage
for index = 1, 3000 do storage.put(('k'):rep(index % 500 + 1) .. index, '') end
while true do
  storage.list('k', 'k', 1000)
  storage.list(('k'):rep(500), '', 1000)
  storage.list('', '\255', 1000)
end
