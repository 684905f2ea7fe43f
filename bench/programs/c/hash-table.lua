-- The twin of hash-table.c.
local n = ...
local function mixed(key)
  key = key ~ key >> 16
  key = key * 0x45d9f3b & 0xffffffff
  return key ~ key >> 16
end
local size = 1
while size < 2 * n do size = size * 2 end
local keys, values, mask = {}, {}, size - 1
for i = 0, size - 1 do
  keys[i] = 0
  values[i] = 0
end
for i = 1, n do
  local key = i * 2654435761 & 0xffffffff
  local place = mixed(key) & mask
  while keys[place] ~= 0 and keys[place] ~= key do place = (place + 1) & mask end
  keys[place] = key
  values[place] = i
end
local found, sum = 0, 0
for i = 1, 2 * n do
  local key = i * 2654435761 & 0xffffffff
  local place = mixed(key) & mask
  while keys[place] ~= 0 and keys[place] ~= key do place = (place + 1) & mask end
  if keys[place] == key then
    found = found + 1
    sum = sum + values[place]
  end
end
return string.format("%d %d", found, sum & 0xffffffff)
