-- Computes the SHA-256 digest of a string (FIPS 180-4).
-- Argument: the message, a string of any bytes. Result: the digest, 64 hexadecimal digits.

local message = assert((...), "the message is missing")

-- The first 32 bits of a number's fractional part.
local function fraction_bits(number)
  return math.floor((number - math.floor(number)) * 4294967296.0)
end

-- The standard takes its constants from the square and cube roots of the first primes; so do we, instead of listing
-- them: 32 bits of fraction and at most 5 bits before the point fit well into a float's 53.
local function cube_root(number)
  local root = number / 2.0
  for _ = 1, 40 do
    root = root - (root * root * root - number) / (3.0 * root * root)
  end
  return root
end

local function is_prime(number)
  for divisor = 2, number - 1 do
    if number % divisor == 0 then
      return false
    end
  end
  return true
end

local round_constants, initial_state = {}, {}
do
  local candidate = 2
  while #round_constants < 64 do
    if is_prime(candidate) then
      if #initial_state < 8 then
        initial_state[#initial_state + 1] = fraction_bits(math.sqrt(candidate))
      end
      round_constants[#round_constants + 1] = fraction_bits(cube_root(candidate))
    end
    candidate = candidate + 1
  end
end

local function rotate_right(word, count)
  return (word >> count | word << (32 - count)) & 0xFFFFFFFF
end

-- The message, a 1 bit, zeros up to 8 bytes before a multiple of 64, and the length in bits.
local function pad(text)
  local zeros = (55 - #text) % 64
  local length_bytes = {}
  for i = 1, 8 do
    length_bytes[i] = string.char((#text * 8 >> (64 - 8 * i)) & 0xFF)
  end
  return text .. "\x80" .. string.rep("\0", zeros) .. table.concat(length_bytes)
end

local function message_schedule(padded, block_start)
  local schedule = {}
  for t = 1, 16 do
    local b1, b2, b3, b4 = padded:byte(block_start + 4 * t - 4, block_start + 4 * t - 1)
    schedule[t] = b1 << 24 | b2 << 16 | b3 << 8 | b4
  end
  for t = 17, 64 do
    local w2, w15 = schedule[t - 2], schedule[t - 15]
    local sigma1 = rotate_right(w2, 17) ~ rotate_right(w2, 19) ~ w2 >> 10
    local sigma0 = rotate_right(w15, 7) ~ rotate_right(w15, 18) ~ w15 >> 3
    schedule[t] = (sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16]) & 0xFFFFFFFF
  end
  return schedule
end

local function add_block(state, schedule)
  local a, b, c, d, e, f, g, h = table.unpack(state)
  for t = 1, 64 do
    local sum1 = rotate_right(e, 6) ~ rotate_right(e, 11) ~ rotate_right(e, 25)
    local choice = e & f ~ ~e & g
    local temporary1 = h + sum1 + choice + round_constants[t] + schedule[t]
    local sum0 = rotate_right(a, 2) ~ rotate_right(a, 13) ~ rotate_right(a, 22)
    local majority = a & b ~ a & c ~ b & c
    h, g, f, e = g, f, e, (d + temporary1) & 0xFFFFFFFF
    d, c, b, a = c, b, a, (temporary1 + sum0 + majority) & 0xFFFFFFFF
  end
  for i, word in ipairs({ a, b, c, d, e, f, g, h }) do
    state[i] = (state[i] + word) & 0xFFFFFFFF
  end
end

local padded = pad(message)
local state = { table.unpack(initial_state) }
for block_start = 1, #padded, 64 do
  add_block(state, message_schedule(padded, block_start))
end
return string.format(string.rep("%08x", 8), table.unpack(state))
