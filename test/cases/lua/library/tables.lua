-- Tables at their limits, and with metamethods.
local counted = setmetatable({}, { __len = function() return "abc" end })
print(pcall(table.insert, counted, 1)) -- expect: false	object length is not an integer
local far = setmetatable({}, { __index = function(_, k) return k end })
print(select("#", table.unpack(far, 1, 3000)), table.unpack({ [math.mininteger] = 1 }, math.mininteger, math.mininteger + 1)) -- expect: 3000	1	nil
print(pcall(table.move, {}, 0, math.maxinteger, 2)) -- expect: false	bad argument #3 to 'table.move' (too many elements to move)
print(pcall(table.move, {}, 1, math.maxinteger, 2)) -- expect: false	bad argument #4 to 'table.move' (destination wrap around)
print(tonumber("+1Z", 36), tonumber("  -ff", 16), math.deg(math.pi), math.rad(180) == math.pi) -- expect: 71	-255	180.0	true
