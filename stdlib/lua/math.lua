-- The mathematical library. random is xoshiro256**, as in Lua 5.4, from a fixed seed: runs can be repeated.
math = {
  pi = 3.141592653589793,
  huge = 1e308 * 10,
  maxinteger = 0x7fffffffffffffff,
  mininteger = 0x8000000000000000,
}
local math = math

function math.floor(x) return __intrinsic.math_floor(x) end
function math.ceil(x) return __intrinsic.math_ceil(x) end
function math.abs(x) return __intrinsic.math_abs(x) end
function math.sqrt(x) return __intrinsic.math_sqrt(x) end
function math.sin(x) return __intrinsic.math_sin(x) end
function math.cos(x) return __intrinsic.math_cos(x) end
function math.tan(x) return __intrinsic.math_tan(x) end
function math.asin(x) return __intrinsic.math_asin(x) end
function math.acos(x) return __intrinsic.math_acos(x) end
function math.exp(x) return __intrinsic.math_exp(x) end
function math.atan(y, x) return __intrinsic.math_atan(y, x) end
function math.log(x, base) return __intrinsic.math_log(x, base) end
function math.fmod(x, y) return __intrinsic.math_fmod(x, y) end
function math.modf(x, rest) return __intrinsic.math_modf(x, rest) end
function math.tointeger(x) return __intrinsic.math_tointeger(x) end
function math.type(x) return __intrinsic.math_type(x) end
function math.ult(left, right) return __intrinsic.math_ult(left, right) end

-- What lua5.4 has from 5.2 unless it is built without.
math.atan2 = math.atan
function math.cosh(x) return __intrinsic.math_cosh(x) end
function math.sinh(x) return __intrinsic.math_sinh(x) end
function math.tanh(x) return __intrinsic.math_tanh(x) end
function math.log10(x) return __intrinsic.math_log10(x) end
function math.pow(x, y) return __intrinsic.math_pow(x, y) end
function math.frexp(x, exponent) return __intrinsic.math_frexp(x, exponent) end
function math.ldexp(x, exponent) return __intrinsic.math_ldexp(x, exponent) end

function math.deg(x) return __intrinsic.math_deg(x) end
function math.rad(x) return __intrinsic.math_rad(x) end

function math.max(first, ...)
  do return __intrinsic.math_max(first) end
  for index = 1, __intrinsic.vararg_count() do
    local value = __intrinsic.vararg_get(index)
    if first < value then first = value end
  end
  return first
end

function math.min(first, ...)
  do return __intrinsic.math_min(first) end
  for index = 1, __intrinsic.vararg_count() do
    local value = __intrinsic.vararg_get(index)
    if value < first then first = value end
  end
  return first
end

-- The generator.
local state = __intrinsic.random_state(0x5851f42d4c957f2d, 0x14057b7ef767814f)

function math.random(low, high) return __intrinsic.math_random(low, high, state) end

local random = math.random

function math.randomseed(first, second)
  if first == nil then
    first, second = random(0), random(0)
  else
    first, second = __intrinsic.seed_arguments(first, second)
  end
  state = __intrinsic.random_state(first, second)
  return first, second
end

__intrinsic.part({ math })
