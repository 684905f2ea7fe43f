-- Hostile: asks the host for nothing without end.
-- Expected: limit syscalls
-- Limits: { "syscalls": 10000 }
while true do io.write('') end
