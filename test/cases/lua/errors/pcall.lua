-- Errors with any value, nested protected calls, levels, xpcall and its handler.
print(pcall(error, "plain")) -- expect: false	plain
print(pcall(error)) -- expect: false	nil
print(pcall(error, nil)) -- expect: false	nil
print(pcall(error, 42)) -- expect: false	42
local e = {}
print(select(2, pcall(error, e)) == e) -- expect: true
print(pcall(function() error("here") end)) -- expect: false	pcall.lua:8: here
print(pcall(function() error("caller", 2) end)) -- expect: false	caller
print(pcall(function() error("bare", 0) end)) -- expect: false	bare
print(pcall(function() error({code = 5}) end) == false) -- expect: true
print(pcall(pcall, error, "inner")) -- expect: true	false	inner
print(pcall(function() local ok, m = pcall(error, "first", 0); error("second after " .. m, 0) end)) -- expect: false	second after first
print(xpcall(function() error("x", 0) end, function(m) return "handled " .. m end)) -- expect: false	handled x
print(xpcall(function(...) return ... end, print, 1, 2)) -- expect: true	1	2
print(pcall(function() return 1, 2, 3 end)) -- expect: true	1	2	3
print(pcall(function() assert(false) end)) -- expect: false	pcall.lua:17: assertion failed!
print(pcall(function() assert(nil, "assertion message") end)) -- expect: false	pcall.lua:18: assertion message
print(assert(1, "unused"), select("#", assert(1, 2, 3))) -- expect: 1	3
local function deep(n) if n == 0 then error("deep", 0) end deep(n - 1) end
print(pcall(deep, 100)) -- expect: false	deep
local ok, m = pcall(function() local function overflow() return 1 + overflow() end return overflow() end)
print(ok, type(m)) -- expect: false	string
print(pcall(5)) -- expect: false	attempt to call a number value
print(pcall(nil)) -- expect: false	attempt to call a nil value
for i = 1, 3 do if not pcall(error) then io.write(i, " ") end end
print() -- expect: 1 2 3
print(select("#", pcall(function() end))) -- expect: 1
local function rethrow() local ok, m = pcall(error, "again", 0); if not ok then error(m, 0) end end
print(pcall(rethrow)) -- expect: false	again
