-- Tables whose resizing is a piece of work of its own.
local case, list, map = {}, nil, nil
function case.work()
  list, map = {}, {}
  for i = 1, 3000 do list[i] = i end
  for i = 1, 1100 do map[i + 0.5] = i end
  return #list + #map + map[1099.5]
end
function case.check()
  local last = 0
  for i, value in ipairs(list or {}) do
    assert(i == value)
    last = i
  end
  local count = 0
  for key, value in pairs(map or {}) do
    assert(key == value + 0.5)
    count = count + 1
  end
  assert(count == 0 or last == 3000)
end
return case
