-- Tables that grow: what is in them stays there, and nothing else comes in.
local case, list, map = {}, nil, nil
function case.work()
  list, map = {}, {}
  for i = 1, 40 do list[i] = i end
  for i = 1, 40 do map['key' .. i] = i map[-i] = { i } end
  for i = 1, 10 do table.insert(list, 1, -i) end
  for _ = 1, 5 do table.remove(list, 1) end
  map.key7, map.key9 = nil, nil
  local moved = table.move(list, 1, 20, 3, {})
  local packed = table.pack(table.unpack(list, 1, 30))
  local copy = { table.unpack(packed, 1, packed.n) }
  local count = 0
  for _ in pairs(map) do count = count + 1 end
  return table.concat(copy, ' ') .. count .. #moved .. #list
end
function case.check()
  for i, value in ipairs(list or {}) do assert(math.type(value) == 'integer' and value <= i) end
  for key, value in pairs(map or {}) do
    if type(key) == 'number' then assert(value[1] == -key) else assert(key == 'key' .. value) end
  end
end
return case
