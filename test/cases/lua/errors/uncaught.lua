-- An error that nobody catches ends the program; what was printed stays.
print("before") -- expect: before
local t = {}
local function f() return t.missing.field end -- error: uncaught.lua:4: attempt to index a nil value (field 'missing')
f()
print("never")
