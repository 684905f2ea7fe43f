-- The twin of mandelbrot.c.
local n = ...
local total = 0
for y = 0, n - 1 do
  local ci = 2.0 * y / n - 1
  for x = 0, n - 1 do
    local cr, zr, zi, steps = 3.0 * x / n - 2, 0.0, 0.0, 0
    while steps < 50 and zr * zr + zi * zi < 4 do
      zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
      steps = steps + 1
    end
    total = total + steps
  end
end
return total
