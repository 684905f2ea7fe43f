-- Counts the prime numbers below a limit with the sieve of Eratosthenes.
-- Argument: the limit, a whole number. Result: how many primes are smaller than it, an integer.

local limit = assert(math.tointeger(tonumber((...))), "the limit must be a whole number")

local is_composite = {}
for number = 1, limit - 1 do
  is_composite[number] = false
end

local count = 0
for candidate = 2, limit - 1 do
  if not is_composite[candidate] then
    count = count + 1
    for multiple = candidate * candidate, limit - 1, candidate do
      is_composite[multiple] = true
    end
  end
end

return count
