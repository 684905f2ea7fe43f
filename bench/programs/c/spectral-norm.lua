-- The twin of spectral-norm.c.
local n = ...
local function element(i, j) return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1) end
local function multiply(v, to)
  for i = 0, n - 1 do
    local sum = 0.0
    for j = 0, n - 1 do sum = sum + element(i, j) * v[j] end
    to[i] = sum
  end
end
local function multiply_transposed(v, to)
  for i = 0, n - 1 do
    local sum = 0.0
    for j = 0, n - 1 do sum = sum + element(j, i) * v[j] end
    to[i] = sum
  end
end
local u, v, t = {}, {}, {}
for i = 0, n - 1 do u[i] = 1.0 end
for _ = 1, 5 do
  multiply(u, t)
  multiply_transposed(t, v)
  multiply(v, t)
  multiply_transposed(t, u)
end
local vbv, vv = 0.0, 0.0
for i = 0, n - 1 do
  vbv = vbv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
return string.format("%.9f", math.sqrt(vbv / vv))
