-- A break closes both the captured variables and the closing value.
-- no-oracle: lua5.4.4 closes the variables only, and calls the closing value's register later
local function iterate(s, c) if c < 3 then return c + 1 end end
local closer = setmetatable({}, {__close = function() print("closed") end}) -- expect: closed
local fs = {}
for i in iterate, nil, 0, closer do fs[i] = function() return i end; if i == 2 then break end end
print(fs[1](), fs[2]()) -- expect: 1	2
