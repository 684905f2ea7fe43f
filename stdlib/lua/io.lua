-- The standard streams, and what of the operating system there is: no files yet, no environment.
io = {}
os = {}

-- What was read from stdin and not yet given to the guest: `buffer` from position `at` on.
local buffer, at, has_ended = '', 1, false

-- Reads more behind an empty or used up buffer; false at the end.
local function refill()
  if has_ended then return false end
  local piece = __syscall.read(0, 4096)
  if piece == nil then
    has_ended = true
    return false
  end
  buffer, at = piece, 1
  return true
end

local function is_empty()
  return at > #buffer and not refill()
end

-- Takes the buffer up to the position `last`.
local function take(last)
  local text = __intrinsic.slice(buffer, at, last)
  at = last + 1
  return text
end

local function read_line(keeps_newline)
  if is_empty() then return nil end
  local pieces, count = nil, 0
  repeat
    local newline = __intrinsic.find_from(buffer, '\n', at)
    local text
    if newline == nil then
      text = take(#buffer)
    else
      text = take(keeps_newline and newline or newline - 1)
      at = newline + 1
      if pieces == nil then return text end
    end
    pieces = pieces or {}
    count = count + 1
    pieces[count] = text
  until newline ~= nil or not refill()
  return __intrinsic.table_concat(pieces, '', 1, count, nil, nil, nil)
end

local function read_count(wanted)
  if is_empty() then return nil end
  local pieces, count = {}, 0
  while wanted > 0 and not is_empty() do
    local size = #buffer - at + 1
    if size > wanted then size = wanted end
    count = count + 1
    pieces[count] = take(at + size - 1)
    wanted = wanted - size
  end
  return __intrinsic.table_concat(pieces, '', 1, count, nil, nil, nil)
end

local function read_all()
  local pieces, count = {}, 0
  while not is_empty() do
    count = count + 1
    pieces[count] = take(#buffer)
  end
  return __intrinsic.table_concat(pieces, '', 1, count, nil, nil, nil)
end

local function read_number()
  while true do
    if is_empty() then return nil end
    at = __intrinsic.skip_space(buffer, at)
    if at <= #buffer then break end
  end
  -- A numeral may go on in the next piece.
  local length = __intrinsic.numeral_length(buffer, at)
  while length == #buffer - at + 1 do
    local before = take(#buffer)
    if not refill() then
      buffer, at = before, 1
      break
    end
    buffer = before .. buffer
    length = __intrinsic.numeral_length(buffer, at)
  end
  return __intrinsic.tonumber(take(at + length - 1), nil)
end

local function read_format(format, argument)
  if __intrinsic.type(format) == 'number' then return read_count(__intrinsic.check_integer(format, argument)) end
  local kind = __intrinsic.read_kind(format, argument)
  if kind == 'l' then return read_line(false) end
  if kind == 'L' then return read_line(true) end
  if kind == 'a' then return read_all() end
  return read_number()
end

local unpack = table.unpack

-- `skipped` arguments stand in front of the formats.
local function read(skipped, ...)
  local count = __intrinsic.vararg_count()
  if count == 0 then return read_line(false) end
  if count == 1 then return (read_format(__intrinsic.vararg_get(1), skipped + 1)) end
  local results = {}
  for index = 1, count do
    local value = read_format(__intrinsic.vararg_get(index), skipped + index)
    results[index] = value
    if value == nil then return unpack(results, 1, index) end
  end
  return unpack(results, 1, count)
end

local function write(stream, skipped, ...)
  local text = __intrinsic.vararg_text()
  if text ~= nil then
    __syscall.write(stream, text)
    return
  end
  for index = 1, __intrinsic.vararg_count() do
    __syscall.write(stream, __intrinsic.check_text(__intrinsic.vararg_get(index), skipped + index))
  end
end

local file = {}
file.__index = file
file.__name = 'FILE*'

function file:write(...)
  write(__intrinsic.stream_of(self, file), 1, ...)
  return self
end

function file:read(...)
  __intrinsic.stream_of(self, file)
  return read(1, ...)
end

function file:lines(format)
  __intrinsic.stream_of(self, file)
  return function() return (read_format(format or 'l', 1)) end
end

function file:flush() return self end
function file:close() return true end
function file:setvbuf() return true end
function file:__tostring() return __intrinsic.file_text(self) end

io.stdin = setmetatable({ 0 }, file)
io.stdout = setmetatable({ 1 }, file)
io.stderr = setmetatable({ 2 }, file)

function io.read(...) return read(0, ...) end

function io.write(...)
  write(1, 0, ...)
  return io.stdout
end

function io.lines()
  return function() return (read_line(false)) end
end

function io.type(value)
  return __intrinsic.file_type(value, file)
end

-- Days from 1970-01-01 to a date of the Gregorian calendar; months and days may be any numbers (the years begin in
-- March here, so that the leap day is the last).
local function days_of(year, month, day)
  month = month - 3
  year = year + month // 12
  return year * 365 + year // 4 - year // 100 + year // 400 + (153 * (month % 12) + 2) // 5 + day - 719469
end

function os.time(date)
  if date == nil then return __syscall.clock(0) // 1000000000 end
  __intrinsic.table_check(date)
  local year = __intrinsic.date_field(date.year, 'year', nil)
  local month = __intrinsic.date_field(date.month, 'month', nil)
  local days = days_of(year, month, __intrinsic.date_field(date.day, 'day', nil))
  local hour = __intrinsic.date_field(date.hour, 'hour', 12)
  local minute = __intrinsic.date_field(date.min, 'min', 0)
  return ((days * 24 + hour) * 60 + minute) * 60 + __intrinsic.date_field(date.sec, 'sec', 0)
end

function os.clock()
  return __syscall.clock(1) / 1e9
end

function os.exit(status)
  __syscall.exit(__intrinsic.exit_status(status))
end
