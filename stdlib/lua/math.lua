-- The mathematical library. random is xoshiro256**, as in Lua 5.4, from a fixed seed: runs can be repeated.
math = {
  pi = 3.141592653589793,
  huge = 1e308 * 10,
  maxinteger = 0x7fffffffffffffff,
  mininteger = 0x8000000000000000,
}
local math = math

function math.floor(x)
  return __intrinsic.math_floor(__intrinsic.check_number(x, 1))
end

function math.ceil(x)
  return __intrinsic.math_ceil(__intrinsic.check_number(x, 1))
end

function math.abs(x)
  x = __intrinsic.check_number(x, 1)
  if __intrinsic.math_type(x) == 'integer' then
    if x < 0 then return -x end
    return x
  end
  return __intrinsic.math_fabs(x)
end

function math.sqrt(x) return __intrinsic.math_sqrt(__intrinsic.check_number(x, 1)) end
function math.sin(x) return __intrinsic.math_sin(__intrinsic.check_number(x, 1)) end
function math.cos(x) return __intrinsic.math_cos(__intrinsic.check_number(x, 1)) end
function math.tan(x) return __intrinsic.math_tan(__intrinsic.check_number(x, 1)) end
function math.asin(x) return __intrinsic.math_asin(__intrinsic.check_number(x, 1)) end
function math.acos(x) return __intrinsic.math_acos(__intrinsic.check_number(x, 1)) end
function math.exp(x) return __intrinsic.math_exp(__intrinsic.check_number(x, 1)) end

function math.atan(y, x)
  y = __intrinsic.check_number(y, 1)
  if x == nil then x = 1 else x = __intrinsic.check_number(x, 2) end
  return __intrinsic.math_atan2(y, x)
end

function math.log(x, base)
  x = __intrinsic.check_number(x, 1)
  if base == nil then return __intrinsic.math_log(x) end
  base = __intrinsic.check_number(base, 2)
  if base == 2 then return __intrinsic.math_log2(x) end
  if base == 10 then return __intrinsic.math_log10(x) end
  return __intrinsic.math_log(x) / __intrinsic.math_log(base)
end

function math.fmod(x, y)
  x = __intrinsic.check_number(x, 1)
  y = __intrinsic.check_number(y, 2)
  if __intrinsic.math_type(x) == 'integer' and __intrinsic.math_type(y) == 'integer' then
    if y == 0 then __intrinsic.argument_error(2, 'zero') end
    return __intrinsic.math_remainder(x, y)
  end
  return __intrinsic.math_fmod(x, y)
end

function math.modf(x)
  x = __intrinsic.check_number(x, 1)
  local whole = __intrinsic.math_trunc(x)
  if x == whole then return whole, 0.0 end
  return whole, x - whole
end

function math.tointeger(x)
  return __intrinsic.math_tointeger(x)
end

function math.type(x)
  if x == nil then __intrinsic.check_any(x, 1) end
  return __intrinsic.math_type(x)
end

function math.ult(left, right)
  return __intrinsic.math_ult(__intrinsic.check_integer(left, 1), __intrinsic.check_integer(right, 2))
end

function math.max(first, ...)
  local best = __intrinsic.check_number(first, 1)
  for index = 1, __intrinsic.vararg_count() do
    local value = __intrinsic.check_number(__intrinsic.vararg_get(index), index + 1)
    if best < value then best = value end
  end
  return best
end

function math.min(first, ...)
  local best = __intrinsic.check_number(first, 1)
  for index = 1, __intrinsic.vararg_count() do
    local value = __intrinsic.check_number(__intrinsic.vararg_get(index), index + 1)
    if value < best then best = value end
  end
  return best
end

-- xoshiro256** (Blackman and Vigna 2018).
local s0, s1, s2, s3

local function next_random()
  local state = s1 * 5
  state = ((state << 7) | (state >> 57)) * 9
  local t = s1 << 17
  s2 = s2 ~ s0
  s3 = s3 ~ s1
  s1 = s1 ~ s2
  s0 = s0 ~ s3
  s2 = s2 ~ t
  s3 = (s3 << 45) | (s3 >> 19)
  return state
end

local function seed(first, second)
  s0, s1, s2, s3 = first, 0xff, second, 0
  for _ = 1, 16 do next_random() end
end
seed(0x5851f42d4c957f2d, 0x14057b7ef767814f)

function math.randomseed(first, second)
  if first == nil then first = 0x5851f42d4c957f2d else first = __intrinsic.seed_integer(__intrinsic.check_number(first, 1)) end
  if second == nil then second = 0 else second = __intrinsic.check_integer(second, 2) end
  seed(first, second)
  return first, second
end

-- A random integer from 0 to limit (unsigned), by rejection under the smallest mask of ones that covers it.
local function project(random, limit)
  if limit & (limit + 1) == 0 then return random & limit end
  local mask = limit
  mask = mask | (mask >> 1)
  mask = mask | (mask >> 2)
  mask = mask | (mask >> 4)
  mask = mask | (mask >> 8)
  mask = mask | (mask >> 16)
  mask = mask | (mask >> 32)
  random = random & mask
  while __intrinsic.math_ult(limit, random) do random = next_random() & mask end
  return random
end

function math.random(low, high, ...)
  local random = next_random()
  if low == nil and high == nil then return (random >> 11) * (0.5 / (1 << 52)) end
  if __intrinsic.vararg_count() > 0 then __intrinsic.raise('wrong number of arguments') end
  low = __intrinsic.check_integer(low, 1)
  if high == nil then
    if low == 0 then return random end
    low, high = 1, low
    if high < 1 then __intrinsic.argument_error(1, 'interval is empty') end
  else
    high = __intrinsic.check_integer(high, 2)
    if low > high then __intrinsic.argument_error(2, 'interval is empty') end
  end
  return project(random, high - low) + low
end
