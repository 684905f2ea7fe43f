-- Hostile: repeats a repeated text.
-- Expected: limit memory
return #('x'):rep(100000000):rep(100000000)
