-- The standard streams and files. The function's own files are read through syscalls and never change; what is written
-- lies in the heap, over them: a private overlay that is charged as memory and gone with the execution.
--
-- A node is a file's contents: `_size`, and either `_path` (a file of the function's, as it was deployed) or `_bytes`, a
-- buffer of the library's own that no guest sees: it may be longer than the file, with zeros behind. A file in the sense
-- of io is a userdata whose state is a table: a node, or the number of the stream that it writes to (stdin has neither);
-- what was read and not yet given out (`_buffer` from the position `_at` on); and `_offset`, where in the file that ends.
-- Fields of such names are numbers in a context (frontends/lua/library-prototypes.ts).
io = {}
os = {}

local unpack = table.unpack

-- Nodes by normalised path; false for a file that was removed.
local nodes = {}
local NO_FILE = 'No such file or directory'

-- The node of a path, or nil; the name under which nodes has it, or false when it cannot be one; whether it was removed;
-- and where it is still as it was deployed, its path there.
local function lookup(path)
  local name = __intrinsic.file_path(path, 1)
  if not name then return nil, false end
  local node = nodes[name]
  if node == nil then
    local size = __syscall.file_size(name)
    if size < 0 then return nil, name end
    node = { _path = name, _size = size }
    nodes[name] = node
  end
  return node or nil, name, not node, node and node._path
end

local function forget(name)
  local node = nil
  if __syscall.file_size(name) >= 0 then node = false end
  nodes[name] = node
end

-- A buffer of at least `size` bytes that begins with those of `bytes`.
local function grow(bytes, size)
  if size < 2 * #bytes then size = 2 * #bytes end
  if size < 256 then size = 256 end
  return __intrinsic.grow_buffer(bytes, size, nil)
end

-- Takes the file into the heap, where it can be written.
local function materialise(node)
  local bytes, done = grow('', node._size), 0
  repeat
    local piece = __syscall.file_read(node._path, done, 65536)
    if piece ~= nil then
      __intrinsic.write_buffer(bytes, done, piece)
      done = done + #piece
    end
  until piece == nil or done >= node._size
  node._bytes, node._path = bytes, nil
end

-- Where in its file `f` stands.
local function position_of(f)
  return f._offset - (#f._buffer - f._at + 1)
end

local function move_to(f, position)
  f._buffer, f._at, f._offset = '', 1, position
end

-- Reads more behind a buffer that is used up; false at the end.
local function refill(f, wanted)
  local node, offset, piece = f._node, f._offset, nil
  if node == nil then
    if f._has_ended then return false end
    piece = __syscall.read(0, wanted)
    f._has_ended = piece == nil
  elseif offset < node._size then
    if node._bytes == nil then
      piece = __syscall.file_read(node._path, offset, wanted)
    else
      if wanted > node._size - offset then wanted = node._size - offset end
      if wanted > 65536 then wanted = 65536 end
      piece = __intrinsic.slice(node._bytes, offset + 1, offset + wanted)
    end
  end
  if piece == nil then return false end
  f._buffer, f._at, f._offset = piece, 1, offset + #piece
  return true
end

local function is_empty(f)
  return f._at > #f._buffer and not refill(f, 4096)
end

-- Takes the buffer up to the position `last`.
local function take(f, last)
  local text = __intrinsic.slice(f._buffer, f._at, last)
  f._at = last + 1
  return text
end

local function read_line(f, keeps_newline)
  if f._at > #f._buffer and not refill(f, 4096) then return nil end
  local pieces, count = nil, 0
  repeat
    local newline = __intrinsic.find_from(f._buffer, '\n', f._at)
    local text
    if newline == nil then
      text = take(f, #f._buffer)
    else
      text = take(f, keeps_newline and newline or newline - 1)
      f._at = newline + 1
      if pieces == nil then return text end
    end
    pieces = pieces or {}
    count = count + 1
    pieces[count] = text
  until newline ~= nil or not refill(f, 4096)
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

-- Up to `wanted` bytes in pieces; nil when the file is at its end before the first.
local function read_count(f, wanted)
  if is_empty(f) then return nil end
  local pieces, count = {}, 0
  while wanted > 0 and (f._at <= #f._buffer or refill(f, wanted)) do
    local size = #f._buffer - f._at + 1
    if size > wanted then size = wanted end
    count = count + 1
    pieces[count] = take(f, f._at + size - 1)
    wanted = wanted - size
  end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

local function read_all(f)
  return read_count(f, 0x7fffffff) or ''
end

local function read_number(f)
  while true do
    if is_empty(f) then return nil end
    f._at = __intrinsic.skip_space(f._buffer, f._at)
    if f._at <= #f._buffer then break end
  end
  -- A numeral may go on in the next piece.
  local length = __intrinsic.numeral_length(f._buffer, f._at)
  while length == #f._buffer - f._at + 1 do
    local before = take(f, #f._buffer)
    if not refill(f, 4096) then
      f._buffer, f._at = before, 1
      break
    end
    f._buffer = before .. f._buffer
    length = __intrinsic.numeral_length(f._buffer, f._at)
  end
  return __intrinsic.tonumber(take(f, f._at + length - 1), nil)
end

local function read_format(f, format, argument)
  if __intrinsic.type(format) == 'number' then
    return read_count(f, __intrinsic.check_integer(format, argument) & 0x7fffffff)
  end
  local kind = __intrinsic.read_kind(format, argument)
  if kind == 'l' then return read_line(f, false) end
  if kind == 'L' then return read_line(f, true) end
  if kind == 'a' then return read_all(f) end
  return read_number(f)
end

-- `skipped` arguments stand in front of the formats.
local function read(f, skipped, ...)
  if not f._reads then return nil, 'Bad file descriptor', 9 end
  local count = __intrinsic.vararg_count()
  if count == 0 then return read_line(f, false) end
  if count == 1 then return (read_format(f, __intrinsic.vararg_get(1), skipped + 1)) end
  local results = {}
  for index = 1, count do
    local value = read_format(f, __intrinsic.vararg_get(index), skipped + index)
    results[index] = value
    if value == nil then return unpack(results, 1, index) end
  end
  return unpack(results, 1, count)
end

-- Writes one text to a file that can be written. True, or what io answers for a failure.
local function put(f, text)
  local node = f._node
  if node == nil then
    __syscall.write(f._stream, text)
    return true
  end
  local from = node._size
  if not f._appends then from = position_of(f) end
  local finish = from + #text
  if from > 0x3fff0000 or finish > 0x3fff0000 then return nil, 'File too large', 27 end
  if node._bytes == nil then materialise(node) end
  if finish > #node._bytes then node._bytes = grow(node._bytes, finish) end
  __intrinsic.write_buffer(node._bytes, from, text)
  if finish > node._size then node._size = finish end
  move_to(f, finish)
  return true
end

local function write(f, skipped, ...)
  if not f._writes then return nil, 'Bad file descriptor', 9 end
  local text = __intrinsic.vararg_text()
  if text ~= nil then return put(f, text) end
  for index = 1, __intrinsic.vararg_count() do
    local is_done, message, code = put(f, __intrinsic.check_text(__intrinsic.vararg_get(index), skipped + index))
    if not is_done then return is_done, message, code end
  end
  return true
end

-- Files as the guest has them.

local file = {}

local function new_file(state)
  state._buffer, state._at, state._offset = '', 1, 0
  return __intrinsic.new_file(state)
end

-- The state of an open file.
local function open_state(value)
  local f = __intrinsic.file_state(value, 1)
  if f._is_closed then __intrinsic.raise('attempt to use a closed file') end
  return f
end

local function close(f)
  if f._node == nil then return nil, 'cannot close standard file' end
  f._is_closed, f._node, f._buffer, f._reads, f._writes = true, nil, '', false, false
  return true
end

-- An iterator over what the formats read; `closes`: it closes the file at the end.
local function lines(f, closes, skipped, ...)
  local count, formats = __intrinsic.vararg_count(), nil
  if count > 250 then __intrinsic.argument_error(skipped + 251, 'too many arguments') end
  if count > 0 then formats = { ... } end

  local function checked(first, message, ...)
    if first then return first, message, ... end
    if message ~= nil then __intrinsic.raise(message) end
    if closes then close(f) end
  end

  return function()
    if f._is_closed then __intrinsic.raise('file is already closed') end
    if formats == nil and f._reads then
      local line = read_line(f, false)
      if line ~= nil then return line end
      if closes then close(f) end
      return
    end
    if formats == nil then return checked(read(f, 1)) end
    return checked(read(f, 1, unpack(formats, 1, count)))
  end
end

function file:write(...)
  local is_done, message, code = write(open_state(self), 1, ...)
  if is_done then return self end
  return is_done, message, code
end

function file:read(...) return read(open_state(self), 1, ...) end
function file:lines(...) return lines(open_state(self), false, 1, ...) end
function file:close() return close(open_state(self)) end

function file:flush()
  open_state(self)
  return true
end

function file:seek(whence, offset)
  local f = open_state(self)
  whence = __intrinsic.check_option(whence or 'cur', 2, 'set cur end')
  offset = __intrinsic.check_integer(offset or 0, 3)
  local node = f._node
  if node == nil then return nil, 'Illegal seek', 29 end
  if whence == 'cur' then offset = offset + position_of(f) elseif whence == 'end' then offset = offset + node._size end
  if offset < 0 then return nil, 'Invalid argument', 22 end
  move_to(f, offset)
  return offset
end

function file:setvbuf(mode, size)
  open_state(self)
  __intrinsic.check_option(mode, 2, 'no full line')
  return true
end

local metatable = { __index = file, __name = 'FILE*' }

function metatable:__tostring()
  if __intrinsic.file_state(self, 1)._is_closed then return 'file (closed)' end
  return __intrinsic.file_text(self)
end

function metatable:__close()
  local f = __intrinsic.file_state(self, 1)
  if not f._is_closed then close(f) end
end
metatable.__gc = metatable.__close

__intrinsic.set_file_metatable(metatable)
io.stdin = new_file({ _reads = true })
io.stdout = new_file({ _stream = 1, _writes = true })
io.stderr = new_file({ _stream = 2, _writes = true })

local input, output = io.stdin, io.stdout
-- The state of `output`.
local out = __intrinsic.file_state(output, 1)

-- A file of this path under a mode that is right; or nil, a message and a code.
local function open(path, mode)
  local node, name = lookup(path)
  if not name then return nil, NO_FILE, 2 end
  local kind = __intrinsic.slice(mode, 1, 1)
  if node == nil then
    if kind == 'r' then return nil, NO_FILE, 2 end
    node = { _bytes = '', _size = 0 }
    nodes[name] = node
  elseif kind == 'w' then
    node._path, node._bytes, node._size = nil, '', 0
  end
  local is_update = __intrinsic.slice(mode, 2, 2) == '+'
  return new_file({
    _node = node,
    _reads = kind == 'r' or is_update,
    _writes = kind ~= 'r' or is_update,
    _appends = kind == 'a',
  })
end

-- The same for functions that raise what went wrong.
local function must_open(path, mode)
  local opened, message = open(path, mode)
  if opened == nil then __intrinsic.raise("cannot open file '" .. path .. "' (" .. message .. ')') end
  return opened
end

function io.open(path, mode)
  path = __intrinsic.check_string(path, 1)
  local opened, message, code = open(path, __intrinsic.check_mode(mode or 'r', 2))
  if opened == nil then return nil, path .. ': ' .. message, code end
  return opened
end

function io.tmpfile()
  return new_file({ _node = { _bytes = '', _size = 0 }, _reads = true, _writes = true })
end

function io.close(value)
  if value == nil then value = output end
  return close(open_state(value))
end

function io.input(value)
  if value == nil then return input end
  local kind = __intrinsic.type(value)
  if kind == 'string' or kind == 'number' then value = must_open(__intrinsic.check_string(value, 1), 'r') end
  open_state(value)
  input = value
  return value
end

function io.output(value)
  if value == nil then return output end
  local kind = __intrinsic.type(value)
  if kind == 'string' or kind == 'number' then value = must_open(__intrinsic.check_string(value, 1), 'w') end
  out = open_state(value)
  output = value
  return value
end

function io.read(...)
  local f = __intrinsic.file_state(input, 1)
  if f._is_closed then __intrinsic.raise('default input file is closed') end
  return read(f, 0, ...)
end

function io.write(...)
  local stream = out._stream
  if stream ~= nil then
    local text = __intrinsic.vararg_text()
    if text ~= nil then
      __syscall.write(stream, text)
      return output
    end
  end
  if out._is_closed then __intrinsic.raise('default output file is closed') end
  local is_done, message, code = write(out, 0, ...)
  if is_done then return output end
  return is_done, message, code
end

function io.flush()
  if out._is_closed then __intrinsic.raise('default output file is closed') end
  return true
end

function io.lines(path, ...)
  if path == nil then return lines(open_state(input), false, 1, ...) end
  local opened = must_open(__intrinsic.check_string(path, 1), 'r')
  return lines(__intrinsic.file_state(opened, 1), true, 1, ...), nil, nil, opened
end

function io.type(value)
  __intrinsic.check_any(value, 1)
  if __intrinsic.type(value) ~= 'userdata' then return nil end
  return __intrinsic.file_state(value, 1)._is_closed and 'closed file' or 'file'
end

function os.remove(path)
  path = __intrinsic.check_string(path, 1)
  local node, name = lookup(path)
  if node == nil then return nil, path .. ': ' .. NO_FILE, 2 end
  forget(name)
  return true
end

function os.rename(from, to)
  from, to = __intrinsic.check_string(from, 1), __intrinsic.check_string(to, 2)
  local node, name = lookup(from)
  local target = __intrinsic.file_path(to, 2)
  if node == nil or not target then return nil, NO_FILE, 2 end
  if name ~= target then
    forget(name)
    nodes[target] = node
  end
  return true
end

local temporary_count = 0

function os.tmpname()
  local name
  repeat
    temporary_count = temporary_count + 1
    name = '/tmp/lua_' .. temporary_count
  until lookup(name) == nil
  nodes[name] = { _bytes = '', _size = 0 }
  return name
end

-- For package.lua, which takes it away.
local files = { lookup, io.open, io.stdin }
package = { files = files }

__intrinsic.part({ io, os, metatable, files })
