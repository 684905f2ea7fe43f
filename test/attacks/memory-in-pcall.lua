-- Hostile: uses up the memory inside a protected call, catches that, and begins again.
-- Expected: limit instructions
while true do
  local ok, message = pcall(function()
    local text = 'x'
    while true do text = text .. text end
  end)
  assert(not ok and message == 'not enough memory')
end
