-- The standard streams, and what of the operating system there is: no files yet, no environment.
io = {}
os = {}

local stdin_buffer = ''
local stdin_ended = false

local function fill()
  if stdin_ended then return false end
  local piece = __syscall.read(0, 4096)
  if piece == nil then
    stdin_ended = true
    return false
  end
  stdin_buffer = stdin_buffer .. piece
  return true
end

local function read_line(keeps_newline)
  local from = 1
  while true do
    local newline = __intrinsic.string_find(stdin_buffer, '\n', from)
    if newline ~= nil then
      local line = __intrinsic.string_sub(stdin_buffer, 1, keeps_newline and newline or newline - 1)
      stdin_buffer = __intrinsic.string_sub(stdin_buffer, newline + 1, -1)
      return line
    end
    from = #stdin_buffer + 1
    if not fill() then break end
  end
  if stdin_buffer == '' then return nil end
  local line = stdin_buffer
  stdin_buffer = ''
  return line
end

local function read_all()
  while fill() do end
  local text = stdin_buffer
  stdin_buffer = ''
  return text
end

local function read_count(count)
  while #stdin_buffer < count do
    if not fill() then break end
  end
  if stdin_buffer == '' and (count > 0 or not fill()) then return nil end
  local text = __intrinsic.string_sub(stdin_buffer, 1, count)
  stdin_buffer = __intrinsic.string_sub(stdin_buffer, count + 1, -1)
  return text
end

local function read_number()
  while true do
    local rest = __intrinsic.skip_space(stdin_buffer)
    if rest ~= '' or not fill() then
      stdin_buffer = rest
      break
    end
  end
  while __intrinsic.numeral_prefix(stdin_buffer) == #stdin_buffer and fill() do end
  local length = __intrinsic.numeral_prefix(stdin_buffer)
  local text = __intrinsic.string_sub(stdin_buffer, 1, length)
  stdin_buffer = __intrinsic.string_sub(stdin_buffer, length + 1, -1)
  return __intrinsic.to_number(text)
end

local function read_format(format, argument)
  if __intrinsic.type(format) == 'number' then return read_count(__intrinsic.check_integer(format, argument)) end
  local letter = __intrinsic.check_string(format, argument)
  if __intrinsic.string_sub(letter, 1, 1) == '*' then letter = __intrinsic.string_sub(letter, 2, -1) end
  letter = __intrinsic.string_sub(letter, 1, 1)
  if letter == 'l' then return read_line(false) end
  if letter == 'L' then return read_line(true) end
  if letter == 'a' then return read_all() end
  if letter == 'n' then return read_number() end
  __intrinsic.argument_error(argument, 'invalid format')
end

local unpack = table.unpack

local function read(count, ...)
  if count == 0 then return read_line(false) end
  if count == 1 then return (read_format(__intrinsic.vararg_get(1), 1)) end
  local results = {}
  for index = 1, count do
    local value = read_format(__intrinsic.vararg_get(index), index)
    results[index] = value
    if value == nil then return unpack(results, 1, index) end
  end
  return unpack(results, 1, count)
end

local function write(stream, ...)
  for index = 1, __intrinsic.vararg_count() do
    __syscall.write(stream, __intrinsic.check_string(__intrinsic.vararg_get(index), index))
  end
end

local file = {}
file.__index = file
file.__name = 'FILE*'
function file:write(...)
  write(self.stream, ...)
  return self
end
function file:read(...)
  return read(__intrinsic.vararg_count(), ...)
end
function file:lines(format)
  return function() return (read(1, format or 'l')) end
end
function file:flush() return self end
function file:close() return true end
function file:setvbuf() return true end

io.stdin = setmetatable({ stream = 0 }, file)
io.stdout = setmetatable({ stream = 1 }, file)
io.stderr = setmetatable({ stream = 2 }, file)

function io.read(...)
  return read(__intrinsic.vararg_count(), ...)
end

function io.write(...)
  write(1, ...)
  return io.stdout
end

function io.lines()
  return function() return (read_line(false)) end
end

function os.time(table)
  if table ~= nil then __intrinsic.raise("'time' of a date is not supported yet") end
  return __syscall.clock(0) // 1000000000
end

function os.clock()
  return __syscall.clock(1) / 1e9
end

function os.exit(status)
  if status == nil or status == true then
    status = 0
  elseif status == false then
    status = 1
  else
    status = __intrinsic.check_integer(status, 1)
  end
  __syscall.exit(status)
end
