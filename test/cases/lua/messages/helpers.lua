-- What library functions call themselves does not show in tracebacks.
print(select(2, xpcall(table.sort, debug.traceback, { 3, 1, 2 }, function() error("compared", 0) end)))
-- expect: compared
-- expect: stack traceback:
-- expect: 	[C]: in function 'error'
-- expect: 	helpers.lua:2: in function <helpers.lua:2>
-- expect: 	[C]: in function 'table.sort'
-- expect: 	[C]: in function 'xpcall'
-- expect: 	helpers.lua:2: in main chunk
-- expect: 	[C]: in ?
print(select(2, xpcall(function() io.write({}) end, debug.traceback)))
-- expect: helpers.lua:11: bad argument #1 to 'write' (string expected, got table)
-- expect: stack traceback:
-- expect: 	[C]: in function 'io.write'
-- expect: 	helpers.lua:11: in function <helpers.lua:11>
-- expect: 	[C]: in function 'xpcall'
-- expect: 	helpers.lua:11: in main chunk
-- expect: 	[C]: in ?
local function comparing() return debug.getinfo(1, "n").namewhat, debug.getinfo(print, "n").namewhat end
print(comparing()) -- expect: local	
