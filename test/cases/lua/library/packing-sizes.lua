-- Integers at the ends of what each size holds are packed and come back; those beyond are refused.
local bad = 0
for size = 1, 8 do
  local half = size == 8 and math.mininteger or 1 << (8 * size - 1)
  for _, order in ipairs({ '<', '>' }) do
    local signed, unsigned = order .. 'i' .. size, order .. 'I' .. size
    for _, value in ipairs({ 0, 1, -1, half - 1, -half }) do
      if string.unpack(signed, string.pack(signed, value)) ~= value then bad = bad + 1 end
    end
    if size < 8 then
      for _, value in ipairs({ 0, 1, half, 2 * half - 1 }) do
        if string.unpack(unsigned, string.pack(unsigned, value)) ~= value then bad = bad + 1 end
      end
      for _, value in ipairs({ half, -half - 1, math.maxinteger, math.mininteger }) do
        if pcall(string.pack, signed, value) then bad = bad + 1 end
      end
      for _, value in ipairs({ 2 * half, math.maxinteger }) do
        if pcall(string.pack, unsigned, value) then bad = bad + 1 end
      end
    end
  end
end
print(bad) -- expect: 0
print(#string.pack("s1", ("x"):rep(255)), (pcall(string.pack, 's1', ('x'):rep(256)))) -- expect: 256	false
print(#string.pack('s2', ('x'):rep(65535)), (pcall(string.pack, 's2', ('x'):rep(65536)))) -- expect: 65537	false
print(string.unpack(' <i2 \0 garbage', '\1\0')) -- expect: 1	3
