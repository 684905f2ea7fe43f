-- Reads and writes of array slots: a sliding sum over a table.
local n = ...
local t = {}
for i = 1, 1000 do t[i] = i end
local sum = 0
for round = 1, n do
  for i = 2, 1000 do
    t[i] = t[i - 1] + t[i] & 0xffff
    sum = sum + t[i]
  end
end
return sum
