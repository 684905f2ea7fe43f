-- Which argument is looked at first, and what a missing one is called.
local function message(f, ...) return (select(2, pcall(f, ...))) end
print(message(debug.getupvalue, {}, "x")) -- expect: bad argument #2 to 'debug.getupvalue' (number expected, got string)
print(message(debug.setupvalue, {}, "x")) -- expect: bad argument #3 to 'debug.setupvalue' (value expected)
print(message(debug.upvaluejoin, {}, "x")) -- expect: bad argument #2 to 'debug.upvaluejoin' (number expected, got string)
print(message(debug.getuservalue, {}, "x")) -- expect: bad argument #2 to 'debug.getuservalue' (number expected, got string)
print(message(debug.getmetatable)) -- expect: bad argument #1 to 'debug.getmetatable' (value expected)
print(message(debug.setlocal, 1, 1)) -- expect: bad argument #3 to 'debug.setlocal' (value expected)
print(message(coroutine.isyieldable, nil)) -- expect: bad argument #1 to 'coroutine.isyieldable' (thread expected, got nil)
print(message(math.fmod, {})) -- expect: bad argument #2 to 'math.fmod' (number expected, got no value)
print(message(load, nil, true)) -- expect: bad argument #2 to 'load' (string expected, got boolean)
print(message(utf8.codepoint, "ab", math.maxinteger)) -- expect: bad argument #3 to 'utf8.codepoint' (out of bounds)
print(message(function() io.stdout.write() end)) -- expect: order-of-checks.lua:13: bad argument #1 to 'write' (FILE* expected, got no value)
print(message(function() error(select(2, load(function() return {} end)), 0) end)) -- expect: order-of-checks.lua:14: reader function must return a string
print(select("#", debug.setupvalue(print, 100, 1)), #table.pack(nil, true), os.difftime(7, math.mininteger)) -- expect: 0	2	9.2233720368548e+18
print(math.acos(2), math.asin(2), math.log10(-1), math.sqrt(-1), math.log(-1)) -- expect: nan	nan	nan	-nan	-nan
print(collectgarbage("incremental"), collectgarbage("generational")) -- expect: generational	incremental
