-- Binary strings.
local case = {}
function case.work()
  local out = {}
  for i = 1, 5 do out[i] = string.pack('<i4 s2 z d >I2 !8 Xi8', -i, ('s'):rep(i * 12), 'zero', i / 3, i) end
  local sum = 0
  for _, bytes in ipairs(out) do
    local a, s, z, d, w, at = string.unpack('<i4 s2 z d >I2', bytes)
    sum = sum + a + #s + #z + w + (d > 0 and 1 or 0) + at
  end
  return sum + string.packsize('i4 i8 !8 d') + #table.concat({ ('abc'):byte(1, -1) }) + #string.char(('xyz'):byte(1, -1))
end
function case.check()
  assert(string.unpack('<i2', '\1\2') == 513)
end
return case
