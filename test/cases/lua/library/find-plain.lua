-- A plain search finds the first place, wherever that is in a word, near or far, and whatever the bytes beside it are.
local wrong = 0
for _, byte in ipairs({ '\0', '\1', 'x', '\127', '\128', '\255' }) do
  local others = ('\0\1xy\127\128\129\255'):gsub(byte, '')
  for distance = 0, 300, 1 do
    local before = others:rep(distance // #others + 1):sub(1, distance)
    for start = 1, 6 do
      local expected = start <= distance + 1 and distance + 1 or nil
      if (before .. byte):find(byte, start, true) ~= expected then wrong = wrong + 1 end
      if before:find(byte, start, true) then wrong = wrong + 1 end
    end
    if (before .. byte .. byte .. 'ab'):find(byte .. 'ab', 1, true) ~= distance + 2 then wrong = wrong + 1 end
  end
end
print(wrong) -- expect: 0
