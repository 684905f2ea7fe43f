-- The debug library: closures, calls and their variables, hooks and metatables.
debug = {}
local debug = debug

local function running(thread, is_main) return __intrinsic.coroutine_running(thread, is_main) end

function debug.getmetatable(value)
  __intrinsic.check_any(value, 1)
  return __intrinsic.debug_getmetatable(value)
end
function debug.setmetatable(value, metatable) return __intrinsic.debug_setmetatable(value, metatable) end
function debug.getregistry() return __intrinsic.debug_registry() end

function debug.getupvalue(closure, index)
  index = __intrinsic.check_integer(index, 2)
  __intrinsic.check_function(closure, 1)
  local name, value = __intrinsic.debug_upvalue(closure, index)
  if name == nil then return end
  return name, value
end

function debug.setupvalue(closure, index, value)
  __intrinsic.check_any(value, 3)
  index = __intrinsic.check_integer(index, 2)
  __intrinsic.check_function(closure, 1)
  local name = __intrinsic.debug_set_upvalue(closure, index, value)
  if name == nil then return end
  return name
end

-- Light userdata by the numbers of the variables that they stand for.
local ids = __intrinsic.setmetatable({}, { __mode = 'v' })

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
function debug.getuservalue(_, number)
  __intrinsic.check_integer(number or 1, 2)
  return nil
end

function debug.setuservalue(value)
  __intrinsic.check_userdata(value, 1)
  return nil
end

function debug.upvaluejoin(closure, index, other, place)
  index = __intrinsic.check_integer(index, 2)
  __intrinsic.check_function(closure, 1)
  place = __intrinsic.check_integer(place, 4)
  __intrinsic.check_function(other, 3)
  if __intrinsic.debug_join(closure, index, nil, nil) == nil then __intrinsic.raise('invalid upvalue index') end
  if __intrinsic.debug_join(closure, index, other, place) == nil then __intrinsic.raise('invalid upvalue index') end
end

local function has(options, letter) return __intrinsic.find_from(options, letter, 1) ~= nil end

local function is_thread(value) return value ~= nil and __intrinsic.type(value) == 'thread' end

-- What is asked for must be made of these letters.
local function check_options(options, index)
  for at = 1, #options do
    if __intrinsic.find_from('SlnrutLf', __intrinsic.slice(options, at, at), 1) == nil then
      __intrinsic.raise_argument(index, 'invalid option')
    end
  end
end

local function active_lines(func)
  local lines, at, line = {}, 0, nil
  while true do
    at, line = __intrinsic.debug_line(func, at)
    if at == nil then return lines end
    lines[line] = true
  end
end

function debug.getinfo(thread, level, options)
  local first, at = 1, nil
  if is_thread(thread) then first, at = 2, thread else level, options = thread, level end
  options = __intrinsic.check_string(options or 'flnSrtu', first + 1)
  check_options(options, first + 1)
  if level == nil or __intrinsic.type(level) ~= 'function' then
    level = __intrinsic.check_integer(level, first)
    if level < 0 then return nil end
  end
  local func, source, short_src, linedefined, lastlinedefined, what, currentline, name, namewhat, nups, nparams, isvararg,
    istailcall, ftransfer, ntransfer =
    __intrinsic.debug_info(level, at, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil)
  if func == nil then return nil end
  local info = {}
  if has(options, 'S') then
    info.source, info.short_src, info.what = source, short_src, what
    info.linedefined, info.lastlinedefined = linedefined, lastlinedefined
  end
  if has(options, 'l') then info.currentline = currentline end
  if namewhat == 'helper' then namewhat = '' end
  if has(options, 'n') then info.name, info.namewhat = name, namewhat end
  if has(options, 'u') then info.nups, info.nparams, info.isvararg = nups, nparams, isvararg end
  if has(options, 't') then info.istailcall = istailcall end
  if has(options, 'r') then info.ftransfer, info.ntransfer = ftransfer, ntransfer end
  if has(options, 'L') and what ~= 'C' then info.activelines = active_lines(func) end
  if has(options, 'f') then info.func = func or nil end
  return info
end

function debug.getlocal(thread, level, index)
  local first, at, depth, number = 1, nil, thread, level
  if is_thread(thread) then first, at, depth, number = 2, thread, level, index end
  number = __intrinsic.check_integer(number, first + 1)
  if depth ~= nil and __intrinsic.type(depth) == 'function' then return __intrinsic.debug_parameter(depth, number) end
  local name, value = __intrinsic.debug_local(__intrinsic.check_integer(depth, first), at, number, false, nil)
  if name == false then __intrinsic.raise_argument(first, 'level out of range') end
  if name == nil then return nil end
  return name, value
end

function debug.setlocal(thread, level, index, value)
  local first, at, depth, number, new = 1, nil, thread, level, index
  if is_thread(thread) then first, at, depth, number, new = 2, thread, level, index, value end
  depth = __intrinsic.check_integer(depth, first)
  number = __intrinsic.check_integer(number, first + 1)
  __intrinsic.check_any(new, first + 2)
  local name = __intrinsic.debug_local(depth, at, number, true, new)
  if name == false then __intrinsic.raise_argument(first, 'level out of range') end
  return name
end

-- Notes a thread's hook in the registry, for those who look there: the machine has its own.
local function note_hook(thread, hook)
  local registry = __intrinsic.debug_registry()
  if registry._HOOKKEY == nil then registry._HOOKKEY = __intrinsic.setmetatable({}, { __mode = 'k' }) end
  registry._HOOKKEY[thread or running()] = hook
end

function debug.sethook(thread, hook, mask, count)
  local first, at = 1, nil
  if is_thread(thread) then first, at = 2, thread else hook, mask, count = thread, hook, mask end
  if hook == nil then
    note_hook(at, nil)
    return __intrinsic.debug_set_hook(at, nil, 0, 0)
  end
  mask = __intrinsic.check_string(mask, first + 1)
  __intrinsic.check_function(hook, first)
  count = __intrinsic.check_integer(count or 0, first + 2)
  local events = 0
  if has(mask, 'c') then events = events + 1 end
  if has(mask, 'r') then events = events + 2 end
  if has(mask, 'l') then events = events + 4 end
  if count > 0 then events = events + 8 else count = 0 end
  if events == 0 then hook = nil end
  note_hook(at, hook)
  return __intrinsic.debug_set_hook(at, hook, events, count & 0xffffff)
end

function debug.gethook(thread)
  local at
  if is_thread(thread) then at = thread end
  local hook, events, count = __intrinsic.debug_hook(at, nil, nil)
  if hook == nil then return nil end
  local mask = ''
  if events & 1 ~= 0 then mask = mask .. 'c' end
  if events & 2 ~= 0 then mask = mask .. 'r' end
  if events & 4 ~= 0 then mask = mask .. 'l' end
  return hook, mask, count
end

-- The name by which everybody can call a function, or nil.
local function global_name(func)
  for name, value in next, _ENV do
    if __intrinsic.rawequal(value, func) then return name end
  end
  for name, value in next, _ENV do
    if __intrinsic.type(value) == 'table' and value ~= _ENV then
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
  while __intrinsic.debug_info(last, thread, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil) ~= nil do last = last + 1 end
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
    local func, _, source, defined, _, what, line, name, namewhat, _, _, _, is_tail =
      __intrinsic.debug_info(at, thread, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil)
    -- What library functions call themselves would not be there in C.
    local is_hidden = namewhat == 'helper'
    if not is_hidden then
      count = count + 1
      pieces[count] = describe(func, source, line, defined, what, name, namewhat)
    end
    if is_tail and not is_hidden then pieces[count] = pieces[count] .. '\n\t(...tail calls...)' end
    at = at + 1
  end
  if has_caller then
    count = count + 1
    pieces[count] = '\n\t[C]: in ?'
  end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

__intrinsic.part({ debug })
