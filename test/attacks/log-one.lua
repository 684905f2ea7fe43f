-- Hostile: prints one text that is longer than all output may be.
-- Expected: limit output_bytes
-- Limits: { "outputBytes": 100000 }
io.write(('x'):rep(1000000))
