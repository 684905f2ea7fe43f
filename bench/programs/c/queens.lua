-- The twin of queens.c.
local n = ...
local columns, up, down = {}, {}, {}
local function place(row)
  if row == n then return 1 end
  local count = 0
  for column = 0, n - 1 do
    if not (columns[column] or up[row + column] or down[row - column + n]) then
      columns[column], up[row + column], down[row - column + n] = true, true, true
      count = count + place(row + 1)
      columns[column], up[row + column], down[row - column + n] = false, false, false
    end
  end
  return count
end
return place(0)
