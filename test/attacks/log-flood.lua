-- Hostile: prints without end.
-- Expected: limit output_bytes
-- Limits: { "outputBytes": 100000 }
while true do print('flood', 'flood', 'flood') end
