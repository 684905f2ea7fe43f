-- Hostile: repeats until false.
-- Expected: limit instructions
repeat local value = {} until false
