-- Hostile: cannot even start.
-- Expected: limit instructions
-- Limits: { "instructions": 1 }
return 1
