error(setmetatable({}, { __tostring = function() return "a table" end }))
