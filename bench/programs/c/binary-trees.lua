-- The twin of binary-trees.c; the collector frees.
local n = ...
local function make(depth)
  if depth == 0 then return {} end
  return { left = make(depth - 1), right = make(depth - 1) }
end
local function count(tree)
  if not tree.left then return 1 end
  return 1 + count(tree.left) + count(tree.right)
end
local total = 0
for _ = 1, 40 do total = total + count(make(n)) end
return total
