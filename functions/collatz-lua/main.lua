-- Finds the number below a limit whose Collatz sequence (halve the even, 3n + 1 the odd, until 1) is the longest.
-- Argument: the limit, a whole number above 1. Result: that number (the smallest, if several), and as a second value
-- the steps it takes.

local limit = assert(math.tointeger(tonumber((...))), "the limit must be a whole number")
assert(limit > 1, "the limit must be above 1")

local function steps_from(start)
  local number, steps = start, 0
  while number ~= 1 do
    if number & 1 == 0 then
      number = number // 2
    else
      number = 3 * number + 1
    end
    steps = steps + 1
  end
  return steps
end

local longest, most_steps = 1, 0
for start = 1, limit - 1 do
  local steps = steps_from(start)
  if steps > most_steps then
    longest, most_steps = start, steps
  end
end

return longest, most_steps
