-- Hostile: sorts with a comparator that never returns.
-- Expected: limit instructions
table.sort({ 2, 1 }, function() while true do end end)
