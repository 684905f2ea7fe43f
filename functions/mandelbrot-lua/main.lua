-- Counts the iterations that drawing the Mandelbrot set takes, over the square from -2-1.5i to 1+1.5i.
-- Argument: the picture's width and height in points. Result: the iterations of all points together, an integer;
-- a point counts 100 when it has not escaped by then.

local size = assert(math.tointeger(tonumber((...))), "the size must be a whole number")

local MOST_ITERATIONS <const> = 100

local function iterations_at(real, imaginary)
  local x, y = 0.0, 0.0
  for iteration = 0, MOST_ITERATIONS - 1 do
    local x_squared, y_squared = x * x, y * y
    if x_squared + y_squared > 4.0 then
      return iteration
    end
    y = 2.0 * x * y + imaginary
    x = x_squared - y_squared + real
  end
  return MOST_ITERATIONS
end

local total = 0
for row = 0, size - 1 do
  local imaginary = 3.0 * row / size - 1.5
  for column = 0, size - 1 do
    total = total + iterations_at(3.0 * column / size - 2.0, imaginary)
  end
end

return total
