-- Each of the four line ends counts as one line.
local function try(f) print((select(2, pcall(f)))) end
try(function() error('crlf') end)
try(function() error('lfcr') end)try(function() error('cr') end)
try(function() error('lf') end)

try(function() error('two lf') end)

try(function() error('two crlf') end)
print(#[[
a
b
cd]])
print("a\
b")
-- expect: line-ends.lua:3: crlf
-- expect: line-ends.lua:4: lfcr
-- expect: line-ends.lua:5: cr
-- expect: line-ends.lua:6: lf
-- expect: line-ends.lua:8: two lf
-- expect: line-ends.lua:10: two crlf
-- expect: 7
-- expect: a
-- expect: b
