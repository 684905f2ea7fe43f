-- Hostile: wants ten million results.
-- Expected: error guest_error
return table.unpack({}, 1, 10000000)
