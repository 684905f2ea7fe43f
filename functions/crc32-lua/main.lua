-- Computes the CRC-32 (the one of zip, gzip and PNG) of a generated buffer, as a checksum service would of a body.
-- Argument: the buffer's length in bytes; the bytes come from a linear congruential generator that starts at 1.
-- Result: the checksum, an integer from 0 to 4294967295.

local length = assert(math.tointeger(tonumber((...))), "the length must be a whole number")

local POLYNOMIAL <const> = 0xEDB88320 -- 0x04C11DB7 with its bits reversed

local function make_table()
  local checksums = {}
  for byte = 0, 255 do
    local checksum = byte
    for _ = 1, 8 do
      local low_bit = checksum & 1
      checksum = checksum >> 1
      if low_bit == 1 then
        checksum = checksum ~ POLYNOMIAL
      end
    end
    checksums[byte] = checksum
  end
  return checksums
end

local function crc32_of_generated_bytes(count)
  local checksums = make_table()
  local state = 1
  local checksum = 0xFFFFFFFF
  for _ = 1, count do
    state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    local byte = state >> 24
    checksum = checksums[(checksum ~ byte) & 0xFF] ~ (checksum >> 8)
  end
  return checksum ~ 0xFFFFFFFF
end

return crc32_of_generated_bytes(length)
