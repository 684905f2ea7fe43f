-- Hostile: makes garbage as fast as it can.
-- Expected: limit instructions
while true do local garbage = { {}, 'x' .. math.random(), function() return 1 end } end
