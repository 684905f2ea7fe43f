-- The twin of levenshtein.c.
local n = ...
local a, b, row, state = {}, {}, {}, 3
for i = 0, n - 1 do
  state = (state * 1103515245 + 12345) & 0xffffffff
  a[i] = 97 + (state >> 16) % 4
  state = (state * 1103515245 + 12345) & 0xffffffff
  b[i] = 97 + (state >> 16) % 4
end
for j = 0, n do row[j] = j end
for i = 1, n do
  local diagonal = row[0]
  row[0] = i
  for j = 1, n do
    local best = diagonal
    if a[i - 1] ~= b[j - 1] then best = best + 1 end
    diagonal = row[j]
    if diagonal + 1 < best then best = diagonal + 1 end
    if row[j - 1] + 1 < best then best = row[j - 1] + 1 end
    row[j] = best
  end
end
return row[n]
