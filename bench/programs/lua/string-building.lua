-- Building text: concatenation, tostring, string.format, rep, sub, upper, reverse, byte and char, table.concat.
local n = ...
local lines, checksum = {}, 0
for i = 1, n do
  local name = "item" .. i % 100
  local line = "<" .. name .. " id=\"" .. i .. "\">" .. i * 3 .. "</" .. name .. ">"
  lines[#lines + 1] = line
  lines[#lines + 1] = string.format("%s:%05d:%x", name, i, i * 7)
  if i % 4 == 0 then lines[#lines + 1] = line:sub(2, 9):upper() .. ("-"):rep(i % 8) .. tostring(i):reverse() end
  if #lines >= 300 then
    local text = table.concat(lines, "\n")
    for at = 1, #text, 16 do checksum = (checksum * 31 + text:byte(at)) % 1000003 end
    lines = { string.char(97 + checksum % 26) }
  end
end
return checksum .. ":" .. #table.concat(lines, ", ")
