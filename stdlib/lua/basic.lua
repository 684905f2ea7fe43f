-- The basic functions. Library code: __intrinsic.NAME(...) and __syscall.NAME(...) are single instructions.
_G = _ENV
_VERSION = 'Lua 5.4'

function type(value, ...)
  if value == nil then __intrinsic.check_any(value, 1) end
  return __intrinsic.type(value)
end

function next(table, key)
  return __intrinsic.next(table, key)
end

local next = next
local tostring

function pairs(table)
  local handler = __intrinsic.metafield(table, '__pairs')
  if handler == nil then
    if table == nil then __intrinsic.check_any(table, 1) end
    return next, table, nil
  end
  local iterator, state, initial = handler(table)
  return iterator, state, initial
end

local function next_index(table, index)
  index = index + 1
  local value = table[index]
  if value ~= nil then return index, value end
end

function ipairs(table)
  if table == nil then __intrinsic.check_any(table, 1) end
  return next_index, table, 0
end

function tostring(value)
  local handler = __intrinsic.metafield(value, '__tostring')
  if handler == nil then
    if value == nil then __intrinsic.check_any(value, 1) end
    return __intrinsic.to_text(value)
  end
  local text = handler(value)
  if __intrinsic.type(text) ~= 'string' then
    if __intrinsic.type(text) ~= 'number' then __intrinsic.raise("'__tostring' must return a string") end
    return __intrinsic.to_text(text)
  end
  return text
end
_ENV.tostring = tostring

function print(...)
  local count = __intrinsic.vararg_count()
  local line
  if count == 1 then
    line = tostring(__intrinsic.vararg_get(1))
  else
    line = ''
    for index = 1, count do
      local text = tostring(__intrinsic.vararg_get(index))
      if index > 1 then line = line .. '\t' .. text else line = text end
    end
  end
  __syscall.write(1, line .. '\n')
end

function tonumber(value, base)
  if base == nil then
    if value == nil then __intrinsic.check_any(value, 1) end
    return __intrinsic.to_number(value)
  end
  base = __intrinsic.check_integer(base, 2)
  if __intrinsic.type(value) ~= 'string' then __intrinsic.type_error(value, 1, 'string') end
  if base < 2 or base > 36 then __intrinsic.argument_error(2, 'base out of range') end
  return __intrinsic.parse_integer(value, base)
end

function select(index, ...)
  if index == '#' then return __intrinsic.vararg_count() end
  index = __intrinsic.check_integer(index, 1)
  local count = __intrinsic.vararg_count()
  if index < 0 then index = count + index + 1 elseif index > count then index = count + 1 end
  if index < 1 then __intrinsic.argument_error(1, 'index out of range') end
  __intrinsic.vararg_drop(index - 1)
  return ...
end

function pcall(callee, ...)
  if callee == nil then __intrinsic.check_any(callee, 1) end
  return __op.protected_call(nil, callee, ...)
end

function xpcall(callee, handler, ...)
  if __intrinsic.type(handler) ~= 'function' then __intrinsic.type_error(handler, 2, 'function') end
  return __op.protected_call(handler, callee, ...)
end

function error(message, level)
  if __intrinsic.type(message) == 'string' then
    if level == nil then level = 1 else level = __intrinsic.check_integer(level, 2) end
    if level > 0 then message = __intrinsic.position(level) .. message end
  end
  __op.throw(message)
end

function assert(condition, ...)
  if condition then return condition, ... end
  if condition == nil then __intrinsic.check_any(condition, 1) end
  local message = 'assertion failed!'
  if __intrinsic.vararg_count() > 0 then message = __intrinsic.vararg_get(1) end
  if __intrinsic.type(message) == 'string' then message = __intrinsic.position(1) .. message end
  __op.throw(message)
end

function getmetatable(value)
  local protected = __intrinsic.metafield(value, '__metatable')
  if protected ~= nil then return protected end
  if value == nil then __intrinsic.check_any(value, 1) end
  return __intrinsic.getmetatable(value)
end

function setmetatable(table, metatable)
  if __intrinsic.type(table) ~= 'table' then __intrinsic.type_error(table, 1, 'table') end
  if metatable ~= nil and __intrinsic.type(metatable) ~= 'table' then
    __intrinsic.type_error(metatable, 2, 'nil or table')
  end
  if __intrinsic.metafield(table, '__metatable') ~= nil then __intrinsic.raise('cannot change a protected metatable') end
  return __intrinsic.setmetatable(table, metatable)
end

function rawget(table, key)
  if __intrinsic.type(table) ~= 'table' then __intrinsic.type_error(table, 1, 'table') end
  return __intrinsic.rawget(table, key)
end

function rawset(table, key, value)
  if __intrinsic.type(table) ~= 'table' then __intrinsic.type_error(table, 1, 'table') end
  return __intrinsic.rawset(table, key, value)
end

function rawlen(value)
  local kind = __intrinsic.type(value)
  if kind ~= 'table' and kind ~= 'string' then __intrinsic.argument_error(1, 'table or string expected') end
  return __intrinsic.rawlen(value)
end

function rawequal(left, right)
  return __intrinsic.rawequal(left, right)
end

function collectgarbage(option)
  if option == nil or option == 'collect' then
    __intrinsic.collect()
    return 0
  elseif option == 'count' then
    return __intrinsic.memory_count()
  elseif option == 'step' then
    __intrinsic.collect()
    return true
  elseif option == 'isrunning' then
    return true
  end
  option = __intrinsic.check_string(option, 1)
  __intrinsic.argument_error(1, "invalid option '" .. option .. "'")
end
