-- Sorts a generated sequence with quicksort and digests the sorted order.
-- Argument: how many numbers; they come from a linear congruential generator that starts at 42, 24 bits each.
-- Result: a digest of the sorted sequence, an integer from 0 to 4294967295; an error if the order were wrong.

local count = assert(math.tointeger(tonumber((...))), "the count must be a whole number")

local function generate(length)
  local numbers, state = {}, 42
  for i = 1, length do
    state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    numbers[i] = state >> 8
  end
  return numbers
end

-- Moves what is smaller than the middle element to the left, what is larger to the right (Hoare's scheme), and
-- returns where the two parts meet.
local function partition(numbers, first, last)
  local pivot = numbers[(first + last) // 2]
  local left, right = first, last
  while true do
    while numbers[left] < pivot do
      left = left + 1
    end
    while numbers[right] > pivot do
      right = right - 1
    end
    if left >= right then
      return right
    end
    numbers[left], numbers[right] = numbers[right], numbers[left]
    left, right = left + 1, right - 1
  end
end

-- Recurses into the smaller part only and loops over the larger, so the depth grows with the logarithm of the length.
local function quicksort(numbers, first, last)
  while first < last do
    local border = partition(numbers, first, last)
    if border - first < last - border then
      quicksort(numbers, first, border)
      first = border + 1
    else
      quicksort(numbers, border + 1, last)
      last = border
    end
  end
end

local function digest(numbers)
  local sum = 0
  for i = 1, #numbers do
    assert(i == 1 or numbers[i - 1] <= numbers[i], "the sequence is not sorted")
    sum = (sum * 31 + numbers[i]) & 0xFFFFFFFF
  end
  return sum
end

local numbers = generate(count)
quicksort(numbers, 1, count)
return digest(numbers)
