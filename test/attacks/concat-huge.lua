-- Hostile: joins a table of many references to one long text.
-- Expected: limit memory
local pieces, text = {}, ('x'):rep(10000)
for index = 1, 50000 do pieces[index] = text end
return #table.concat(pieces)
