-- Hostile: a recursion without end that is no tail call. Lua's own answer is an error that a guest may catch, as it
-- does here, again and again: what ends it is the instruction limit (or memory, where that is too small for the stack).
-- Expected: limit instructions
local function descend(depth)
  return 1 + descend(depth + 1)
end

while true do
  assert(not pcall(descend, 1))
end
