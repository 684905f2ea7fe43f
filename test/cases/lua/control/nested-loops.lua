-- Breaks leave the innermost loop only.
local log = {}
for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then break end
    log[#log + 1] = i .. ":" .. j
  end
  while true do
    repeat if i == 2 then break end until true
    break
  end
  if i == 2 then break end
end
print(table.concat(log, " ")) -- expect: 1:1 2:1
local count = 0
for i = 1, 10 do for j = i, 10 do for k = j, 10 do if i * i + j * j == k * k then count = count + 1 end end end end
print(count) -- expect: 2
for i = 1, 2 do
  for _, v in ipairs {"a", "b", "c"} do
    if v == "b" then goto next end
    io.write(i, v, " ")
  end
  ::next::
end
print() -- expect: 1a 2a
