-- Weak tables lose what is gone and nothing else.
local case, keys, values, kept = {}, nil, nil, nil
function case.work()
  keys, values, kept = setmetatable({}, { __mode = 'k' }), setmetatable({}, { __mode = 'v' }), {}
  for i = 1, 10 do
    local key = {}
    keys[key] = { key, i }
    values[i] = key
    if i % 3 == 0 then kept[#kept + 1] = key end
  end
  collectgarbage()
  local count = 0
  for key, value in pairs(keys) do count = count + (value[1] == key and 1 or 100) end
  return count
end
function case.check()
  for key, value in pairs(keys or {}) do assert(value[1] == key) end
  for _, key in ipairs(kept or {}) do assert(keys[key][1] == key) end
end
return case
