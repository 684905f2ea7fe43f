-- The twin of life.c.
local n = ...
local SIZE = 64
local board, following, state = {}, {}, 5
for y = 0, SIZE + 1 do
  board[y], following[y] = {}, {}
  for x = 0, SIZE + 1 do
    board[y][x], following[y][x] = 0, 0
  end
end
for y = 1, SIZE do
  for x = 1, SIZE do
    state = (state * 1664525 + 1013904223) & 0xffffffff
    board[y][x] = state >> 31
  end
end
for _ = 1, n do
  for y = 1, SIZE do
    local above, row, below, to = board[y - 1], board[y], board[y + 1], following[y]
    for x = 1, SIZE do
      local around = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + row[x + 1] + below[x - 1] + below[x] + below[x + 1]
      to[x] = (around == 3 or (around == 2 and row[x] == 1)) and 1 or 0
    end
  end
  for y = 1, SIZE do
    for x = 1, SIZE do board[y][x] = following[y][x] end
  end
end
local alive = 0
for y = 1, SIZE do
  for x = 1, SIZE do alive = alive + board[y][x] * (x + y) end
end
return alive
