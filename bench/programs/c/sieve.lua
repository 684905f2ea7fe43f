-- The twin of sieve.c.
local n = ...
local composite, count = {}, 0
for i = 0, n - 1 do composite[i] = false end
for i = 2, n - 1 do
  if not composite[i] then
    count = count + 1
    for j = i + i, n - 1, i do composite[j] = true end
  end
end
return count
