-- What is sorted stays a permutation, whatever the comparison does.
local case, list = {}, nil
local function fill()
  list = {}
  for i = 1, 24 do list[i] = { (i * 7) % 25 } end
end
fill()
function case.work()
  table.sort(list, function(a, b) return ('%3d'):format(a[1]) < ('%3d'):format(b[1]) end)
  local texts = {}
  for i, entry in ipairs(list) do texts[i] = tostring(entry[1]) end
  table.sort(texts)
  return table.concat(texts, ' ')
end
function case.check()
  local seen, count = {}, 0
  for _, entry in ipairs(list) do
    assert(not seen[entry[1]])
    seen[entry[1]] = true
    count = count + 1
  end
  assert(count == 24)
end
return case
