-- Hostile: counts to infinity.
-- Expected: limit instructions
for _ = 1, math.huge do end
