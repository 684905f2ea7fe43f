-- Hostile: logs records without end.
-- Expected: limit log_bytes
-- Limits: { "logBytes": 100000 }
local log = require('gazelle').log
while true do log.error('flood', { text = ('x'):rep(1000) }) end
