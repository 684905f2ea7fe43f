-- The twin of crc32.c.
local n = ...
local table = {}
for i = 0, 255 do
  local value = i
  for _ = 1, 8 do value = value & 1 == 1 and 0xedb88320 ~ (value >> 1) or value >> 1 end
  table[i] = value
end
local state, crc = 7, 0xffffffff
for _ = 1, n do
  state = (state * 1664525 + 1013904223) & 0xffffffff
  crc = table[(crc ~ state >> 24) & 255] ~ crc >> 8
end
return ~crc & 0xffffffff
