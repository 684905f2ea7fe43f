-- The twin of heapsort.c.
local n = ...
local function sift(a, start, finish)
  local value = a[start]
  while true do
    local child = 2 * start + 1
    if child >= finish then break end
    if child + 1 < finish and a[child] < a[child + 1] then child = child + 1 end
    if value >= a[child] then break end
    a[start] = a[child]
    start = child
  end
  a[start] = value
end
local a, state = {}, 42
for i = 0, n - 1 do
  state = (state * 1664525 + 1013904223) & 0xffffffff
  a[i] = (state >> 4) / 16.0
end
for i = n // 2 - 1, 0, -1 do sift(a, i, n) end
for finish = n - 1, 1, -1 do
  a[0], a[finish] = a[finish], a[0]
  sift(a, 0, finish)
end
return string.format("%.4f %.4f %.4f", a[0], a[n // 2], a[n - 1])
