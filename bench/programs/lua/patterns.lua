-- Pattern matching over a log: gmatch with captures, find, match, gsub with a string, a table and a function.
local n = ...
local parts, seed = {}, 7
local function random(limit)
  seed = (seed * 3877 + 29573) % 139968
  return seed % limit
end
local words = { "alpha", "beta", "gamma", "delta", "epsilon" }
for i = 1, 200 do
  parts[i] = string.format("2026-%02d-%02d [%s] user=%s id=%d /path/%s?q=%d", 1 + random(12), 1 + random(28),
    random(3) == 0 and "ERROR" or "INFO", words[1 + random(5)], random(10000), words[1 + random(5)], random(100))
end
local log = table.concat(parts, "\n")
local names = { alpha = "A", beta = "B", gamma = "C" }
local errors, sum, length = 0, 0, 0
for _ = 1, n do
  for line in log:gmatch("[^\n]+") do
    if line:find("[ERROR]", 1, true) then errors = errors + 1 end
    local year, month, day = line:match("^(%d+)-(%d+)-(%d+)")
    sum = sum + year * 1 + month * 2 + day * 3
    local path, query = line:match("/(%a+/%a+)%?q=(%d+)$")
    sum = sum + #path + query
  end
  for key, value in log:gmatch("(%a+)=(%w+)") do sum = sum + #key + #value end
  length = length + #log:gsub("%s+", " ")
  length = length + #log:gsub("%a+", names)
  length = length + #log:gsub("id=(%d+)", function(id) return "#" .. tonumber(id) % 97 end)
end
return errors .. " " .. string.format("%d", sum) .. " " .. length
