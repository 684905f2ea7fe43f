-- Hostile: raises an error that is no text, with a __tostring that fails.
-- Expected: error guest_error
error(setmetatable({}, { __tostring = function() error('no') end }))
