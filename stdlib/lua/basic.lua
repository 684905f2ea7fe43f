-- The basic functions. Library code: __intrinsic.NAME(...), __syscall.NAME(...) and __op.NAME(...) are single
-- instructions. `do return __intrinsic.NAME(...) end`: what follows is for the cases that the intrinsic leaves to it.
_G = _ENV
_VERSION = 'Lua 5.4'

function type(value) return __intrinsic.type(value) end
function next(table, key) return __intrinsic.next(table, key) end
function getmetatable(value) return __intrinsic.getmetatable(value) end
function setmetatable(table, metatable) return __intrinsic.setmetatable(table, metatable) end
function rawget(table, key) return __intrinsic.rawget(table, key) end
function rawset(table, key, value) return __intrinsic.rawset(table, key, value) end
function rawlen(value) return __intrinsic.rawlen(value) end
function rawequal(left, right) return __intrinsic.rawequal(left, right) end
function tonumber(value, base) return __intrinsic.tonumber(value, base) end
function select(index, ...) return __intrinsic.select(index) end
function assert(condition, ...) return __intrinsic.assert(condition) end
function error(message, level) return __intrinsic.error(message, level) end
function collectgarbage(option, argument) return __intrinsic.collectgarbage(option, argument) end

local next = next

function pairs(table)
  local handler = __intrinsic.pairs_handler(table)
  if handler == nil then return next, table, nil end
  local iterator, state, initial = handler(table)
  return iterator, state, initial
end

local function next_index(table, index)
  index = __intrinsic.next_index(table, index)
  local value = table[index]
  if value == nil then return nil end
  return index, value
end

function ipairs(table)
  __intrinsic.ipairs_check(table)
  return next_index, table, 0
end

function tostring(value)
  do return __intrinsic.tostring(value) end
  local text = __intrinsic.metafield(value, '__tostring')(value)
  return __intrinsic.string_result(text)
end

local tostring = tostring

-- The texts of all arguments, with tabs between and a newline behind.
local function line_of(...)
  local count = __intrinsic.vararg_count()
  local pieces = {}
  for index = 1, count do
    pieces[2 * index - 1] = tostring(__intrinsic.vararg_get(index))
    pieces[2 * index] = index < count and '\t' or '\n'
  end
  return __intrinsic.table_concat(pieces, nil, 1, 2 * count, nil, nil, nil)
end

function print(...)
  local line = __intrinsic.vararg_line()
  if line == nil then line = line_of(...) end
  __syscall.write(1, line)
end

local warns = false

function warn(message, ...)
  local count = __intrinsic.vararg_count()
  message = __intrinsic.check_string(message, 1)
  local pieces = { message }
  for index = 1, count do pieces[index + 1] = __intrinsic.check_string(__intrinsic.vararg_get(index), index + 1) end
  if count == 0 and message == '@on' then
    warns = true
  elseif count == 0 and message == '@off' then
    warns = false
  elseif warns and (count > 0 or __intrinsic.slice(message, 1, 1) ~= '@') then
    __syscall.write(2, 'Lua warning: ' .. __intrinsic.table_concat(pieces, nil, 1, count + 1, nil, nil, nil) .. '\n')
  end
end

function pcall(callee, ...)
  if callee == nil then __intrinsic.check_any(callee, 1) end
  return __op.protected_call(nil, callee, ...)
end

function xpcall(callee, handler, ...)
  __intrinsic.check_function(handler, 2)
  return __op.protected_call(handler, callee, ...)
end

-- Calls the finalisers of the objects that the collector has found: the machine calls it between two instructions. What
-- they raise is a warning.
local function finalise()
  while true do
    local object, finaliser = __intrinsic.next_finaliser(nil, nil)
    if object == false then break end
    if finaliser ~= nil then
      local is_done, problem = __op.protected_call(nil, finaliser, object)
      if not is_done then
        if __intrinsic.type(problem) ~= 'string' then problem = 'error object is not a string' end
        warn('error in __gc (' .. problem .. ')')
      end
    end
  end
end

__intrinsic.set_finaliser(finalise)
