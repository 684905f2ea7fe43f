-- Hostile: moves a billion elements that are not there.
-- Expected: limit instructions
return #table.move({}, 1, 1000000000, 2)
