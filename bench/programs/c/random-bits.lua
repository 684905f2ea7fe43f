-- The twin of random-bits.c.
local n = ...
local x, sum, bits = 88172645463325252, 0, 0
for _ = 1, n do
  x = x ~ x << 13
  x = x ~ x >> 7
  x = x ~ x << 17
  sum = sum + x
  local rest = x & 0xffff
  while rest ~= 0 do
    rest = rest & rest - 1
    bits = bits + 1
  end
end
return string.format("%d %x", bits, sum)
