-- Hostile: recurses through pcall, and begins again when the stack is full.
-- Expected: limit instructions
local function descend() pcall(descend) return descend() end
descend()
