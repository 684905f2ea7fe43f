-- The twin of words.c, with Lua's own strings and tables.
local n = ...
local letters, state = {}, 9
for i = 0, n - 1 do
  state = (state * 1664525 + 1013904223) & 0xffffffff
  letters[i + 1] = i % 4 == 3 and " " or string.char(97 + (state >> 24) % 6)
end
local counts = {}
for word in table.concat(letters):gmatch("[^ ]+") do counts[word] = (counts[word] or 0) + 1 end
local different, most = 0, 0
for _, count in pairs(counts) do
  different = different + 1
  if count > most then most = count end
end
return string.format("%d %d", different, most)
