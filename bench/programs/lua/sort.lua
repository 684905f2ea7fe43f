-- table.sort: records by a comparator on two fields, then numbers without one.
local n = ...
local seed = 42
local function random(limit)
  seed = (seed * 3877 + 29573) % 139968
  return seed % limit
end
local records, numbers = {}, {}
for i = 1, n do
  records[i] = { group = random(50), rank = random(1000), id = i }
  numbers[i] = random(100000)
end
table.sort(records, function(a, b)
  if a.group ~= b.group then return a.group < b.group end
  if a.rank ~= b.rank then return a.rank > b.rank end
  return a.id < b.id
end)
table.sort(numbers)
local check = 0
for i = 1, n do check = (check * 31 + records[i].id + numbers[i]) % 1000003 end
return check
