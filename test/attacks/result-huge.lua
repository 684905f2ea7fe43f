-- Hostile: returns more text than may cross.
-- Expected: error result.size
return ('x'):rep(8000000)
