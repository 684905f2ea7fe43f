-- The debug library: what concerns a function's own closures, calls and metatables. No hooks and no local variables yet.
debug = {}
local debug, running, setmetatable = debug, coroutine.running, setmetatable

function debug.getmetatable(value) return __intrinsic.debug_getmetatable(value) end
function debug.setmetatable(value, metatable) return __intrinsic.debug_setmetatable(value, metatable) end
function debug.getregistry() return __intrinsic.debug_registry() end

function debug.getupvalue(closure, index)
  __intrinsic.check_function(closure, 1)
  local name, value = __intrinsic.debug_upvalue(closure, __intrinsic.check_integer(index, 2))
  if name == nil then return end
  return name, value
end

function debug.setupvalue(closure, index, value)
  __intrinsic.check_function(closure, 1)
  return __intrinsic.debug_set_upvalue(closure, __intrinsic.check_integer(index, 2), value)
end

-- Light userdata by the numbers of the variables that they stand for.
local ids = setmetatable({}, { __mode = 'v' })

function debug.upvalueid(closure, index)
  __intrinsic.check_function(closure, 1)
  local number = __intrinsic.debug_join(closure, __intrinsic.check_integer(index, 2), nil, nil)
  if number == nil then return nil end
  local id = ids[number]
  if id == nil then
    id = __intrinsic.new_file(nil)
    ids[number] = id
  end
  return id
end

-- No userdata of the library has user values.
function debug.getuservalue() return nil end

function debug.setuservalue(value)
  __intrinsic.check_userdata(value, 1)
  return nil
end

function debug.upvaluejoin(closure, index, other, place)
  __intrinsic.check_function(closure, 1)
  __intrinsic.check_function(other, 3)
  index, place = __intrinsic.check_integer(index, 2), __intrinsic.check_integer(place, 4)
  if __intrinsic.debug_join(closure, index, nil, nil) == nil then __intrinsic.raise('invalid upvalue index') end
  if __intrinsic.debug_join(closure, index, other, place) == nil then __intrinsic.raise('invalid upvalue index') end
end

local function has(options, letter) return __intrinsic.find_from(options, letter, 1) ~= nil end

function debug.getinfo(thread, level, options)
  if thread == nil or __intrinsic.type(thread) ~= 'thread' then thread, level, options = nil, thread, level end
  options = __intrinsic.check_string(options or 'flnSrtu', 2)
  if level == nil or __intrinsic.type(level) ~= 'function' then
    level = __intrinsic.check_integer(level, 1)
    if level < 0 then return nil end
  end
  local func, source, short_src, linedefined, lastlinedefined, what, currentline, name, namewhat, nups, nparams, isvararg =
    __intrinsic.debug_info(level, thread, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil)
  if func == nil then return nil end
  local info = {}
  if has(options, 'S') then
    info.source, info.short_src, info.what = source, short_src, what
    info.linedefined, info.lastlinedefined = linedefined, lastlinedefined
  end
  if has(options, 'l') then info.currentline = currentline end
  if has(options, 'n') then info.name, info.namewhat = name, namewhat end
  if has(options, 'u') then info.nups, info.nparams, info.isvararg = nups, nparams, isvararg end
  if has(options, 't') then info.istailcall = false end
  if has(options, 'r') then info.ftransfer, info.ntransfer = 0, 0 end
  if has(options, 'f') then info.func = func or nil end
  return info
end

local globals = _G

-- The name by which everybody can call a function, or nil.
local function global_name(func)
  for name, value in next, globals do
    if __intrinsic.rawequal(value, func) then return name end
  end
  for name, value in next, globals do
    if __intrinsic.type(value) == 'table' and value ~= globals then
      for field, member in next, value do
        if __intrinsic.rawequal(member, func) and __intrinsic.type(field) == 'string' then return name .. '.' .. field end
      end
    end
  end
end

local function describe(func, source, line, defined, what, name, namewhat)
  local place = '\n\t' .. source .. ':'
  if line > 0 then place = place .. line .. ':' end
  local known = func and global_name(func)
  if known then return place .. " in function '" .. known .. "'" end
  if namewhat ~= '' then return place .. ' in ' .. namewhat .. " '" .. name .. "'" end
  if what == 'main' then return place .. ' in main chunk' end
  if what == 'C' then return place .. ' in ?' end
  return place .. ' in function <' .. source .. ':' .. defined .. '>'
end

function debug.traceback(thread, message, level, ...)
  local is_other = thread ~= nil and __intrinsic.type(thread) == 'thread'
  if not is_other then thread, message, level = nil, thread, message end
  if message ~= nil then
    local kind = __intrinsic.type(message)
    if kind ~= 'string' and kind ~= 'number' then return message end
  end
  level = __intrinsic.check_integer(level or (is_other and 0 or 1), 2)
  local pieces, count = {}, 1
  pieces[1] = message == nil and 'stack traceback:' or message .. '\nstack traceback:'
  local last = level
  while __intrinsic.debug_info(last, thread, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil) ~= nil do last = last + 1 end
  -- What has called the main chunk is shown as well.
  local _, is_main = running()
  local has_caller = is_main and not is_other
  local total = last - level + (has_caller and 1 or 0)
  local skipped = total > 22 and total - 22 or 0
  local at = level
  while at < last do
    if skipped > 0 and at == level + 10 then
      count = count + 1
      pieces[count] = '\n\t...\t(skipping ' .. skipped .. ' levels)'
      -- Lua, too, leaves out one more than it says.
      at = at + skipped + 1
    end
    local func, _, source, defined, _, what, line, name, namewhat =
      __intrinsic.debug_info(at, thread, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil)
    count = count + 1
    pieces[count] = describe(func, source, line, defined, what, name, namewhat)
    at = at + 1
  end
  if has_caller then
    count = count + 1
    pieces[count] = '\n\t[C]: in ?'
  end
  return __intrinsic.table_concat(pieces, '', 1, count, nil, nil, nil)
end
