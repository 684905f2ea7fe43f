-- Expected: limit instructions
-- string.pack and unpack with as many options as they take.
local options = ('i2'):rep(3000)
local zeros = ('\0'):rep(6000)
while true do string.pack(options, string.unpack(options, zeros)) end
