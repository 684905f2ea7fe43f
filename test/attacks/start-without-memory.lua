-- Hostile: has no memory to start in.
-- Expected: limit memory
-- Limits: { "memoryBytes": 1 }
return 1
