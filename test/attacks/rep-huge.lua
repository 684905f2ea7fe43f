-- Hostile: asks for a gigabyte of text at once.
-- Expected: limit memory
return #('x'):rep(1000000000)
