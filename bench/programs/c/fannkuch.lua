-- The twin of fannkuch.c.
local n = ...
local p, q, count, most, sum, sign, r = {}, {}, {}, 0, 0, 1, n
for i = 0, n - 1 do p[i] = i end
while true do
  while r > 1 do
    count[r - 1] = r
    r = r - 1
  end
  local first = p[0]
  if first ~= 0 then
    for i = 1, n - 1 do q[i] = p[i] end
    local flips = 1
    while true do
      local following = q[first]
      if following == 0 then break end
      q[first] = first
      local i, j = 1, first - 1
      while i < j do
        q[i], q[j] = q[j], q[i]
        i = i + 1
        j = j - 1
      end
      first = following
      flips = flips + 1
    end
    if flips > most then most = flips end
    sum = sum + sign * flips
  end
  sign = -sign
  r = 1
  while true do
    if r >= n then return string.format("%d %d", sum, most) end
    local t = p[0]
    for i = 0, r - 1 do p[i] = p[i + 1] end
    p[r] = t
    count[r] = count[r] - 1
    if count[r] > 0 then break end
    r = r + 1
  end
end
