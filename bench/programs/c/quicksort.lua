-- The twin of quicksort.c.
local n = ...
local function sort(a, low, high)
  while low < high do
    local pivot, i, j = a[(low + high) >> 1], low, high
    while i <= j do
      while a[i] < pivot do i = i + 1 end
      while a[j] > pivot do j = j - 1 end
      if i > j then break end
      a[i], a[j] = a[j], a[i]
      i = i + 1
      j = j - 1
    end
    sort(a, low, j)
    low = i
  end
end
local a, state = {}, 1
for i = 0, n - 1 do
  state = (state * 1103515245 + 12345) & 0xffffffff
  a[i] = state >> 8
end
sort(a, 0, n - 1)
local sum = 0
for i = 0, n - 1 do sum = (sum * 31 + a[i]) & 0xffffffff end
return sum
