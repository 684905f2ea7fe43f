-- Hostile: has a __close that never returns, while an error passes it.
-- Expected: limit instructions
pcall(function()
  local guard <close> = setmetatable({}, { __close = function() while true do end end })
  error('leave')
end)
