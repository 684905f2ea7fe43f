-- Multiplies two square matrices of floating-point numbers and digests the product.
-- Argument: the matrices' size. They hold small whole numbers, so that every sum is exact in any order.
-- Result: the sum of the product's elements, each weighted by (row + column) % 10, as an integer.

local size = assert(math.tointeger(tonumber((...))), "the size must be a whole number")

local function make_matrix(element_at)
  local rows = {}
  for row = 1, size do
    local elements = {}
    for column = 1, size do
      elements[column] = element_at(row - 1, column - 1)
    end
    rows[row] = elements
  end
  return rows
end

local function multiply(left, right)
  local product = {}
  for row = 1, size do
    local left_row, elements = left[row], {}
    for column = 1, size do
      local sum = 0.0
      for k = 1, size do
        sum = sum + left_row[k] * right[k][column]
      end
      elements[column] = sum
    end
    product[row] = elements
  end
  return product
end

local function digest(matrix)
  local sum = 0.0
  for row = 1, size do
    for column = 1, size do
      sum = sum + matrix[row][column] * ((row + column - 2) % 10)
    end
  end
  return math.tointeger(sum)
end

local left = make_matrix(function(row, column)
  return (row * 3 + column * 5) % 11 - 5.0
end)
local right = make_matrix(function(row, column)
  return (row * 7 + column * 2) % 13 - 4.0
end)

return digest(multiply(left, right))
