-- load, require, dofile and loadfile. A program's Lua files are compiled when it is deployed, each to a function that
-- runs when it is asked for; other text is compiled when it is loaded. The last of the library's files: what is loaded by
-- then is the library.

-- What io has for it: [1] looks a path up, [2] is io.open, [3] the standard input.
local files = package.files
local error = error
-- Functions of this file that only it calls. They sleep with the tables below (vm/parts.ts).
local inner = {}

package = {
  path = '?.lua;?/init.lua',
  cpath = '',
  config = '/\n;\n?\n!\n-\n',
  loaded = {},
  preload = {},
}
local package = package

-- `text` with every `old`, which is not empty, replaced.
function inner._replace(text, old, new)
  local pieces, count, from = {}, 0, 1
  while true do
    local found = __intrinsic.find_from(text, old, from)
    count = count + 1
    if found == nil then
      pieces[count] = __intrinsic.slice(text, from, #text)
      break
    end
    pieces[count] = __intrinsic.slice(text, from, found - 1)
    count = count + 1
    pieces[count] = new
    from = found + #old
  end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

-- What text is compiled to, or nil and what is wrong with it.
function inner._compile(text, name, mode, environment)
  local is_binary = __intrinsic.slice(text, 1, 1) == '\27'
  if __intrinsic.find_from(mode, is_binary and 'b' or 't', 1) == nil then
    return nil, 'attempt to load a ' .. (is_binary and 'binary' or 'text') .. " chunk (mode is '" .. mode .. "')"
  end
  if is_binary then return __intrinsic.load_binary(text, name, environment) end
  return __intrinsic.load_text(text, name, environment)
end

-- All pieces that a reader gives; false when it gives anything else.
function inner._read_all(reader)
  __intrinsic.no_yield()
  local pieces, count = {}, 0
  while true do
    local piece = reader()
    if piece == nil then break end
    local kind = __intrinsic.type(piece)
    if kind ~= 'string' and kind ~= 'number' then return false end
    if piece == '' then break end
    count = count + 1
    pieces[count] = piece
  end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

function load(chunk, name, mode, ...)
  local kind = chunk ~= nil and __intrinsic.type(chunk)
  mode = __intrinsic.check_string(mode or 'bt', 3)
  local environment = _ENV
  if __intrinsic.vararg_count() > 0 then environment = __intrinsic.vararg_get(1) end
  if kind == 'string' or kind == 'number' then
    chunk = __intrinsic.check_string(chunk, 1)
    return inner._compile(chunk, __intrinsic.check_string(name or chunk, 2), mode, environment)
  end
  name = __intrinsic.check_string(name or '=(load)', 2)
  __intrinsic.check_function(chunk, 1)
  local is_read, text = __op.protected_call(nil, inner._read_all, chunk)
  if not is_read then return nil, text end
  if not text then return nil, __intrinsic.caller_position(nil) .. 'reader function must return a string' end
  return inner._compile(text, name, mode, environment)
end

function inner._chunk_of(path, environment) return __intrinsic.chunk(path, environment) end

-- Whether there is a file, and the path under which it was compiled, if it may be. What was compiled is there even when
-- the deployment came without its files.
function inner._find(file)
  local node, name, is_removed, path = files[1](file)
  if node ~= nil then return true, path end
  if not name or is_removed or inner._chunk_of(name, nil) == nil then return false end
  return true, name
end

-- The first file that a template of `path` names; or nil, and all that were tried.
function inner._search(name, path, separator, replacement)
  if separator ~= '' then name = inner._replace(name, separator, replacement) end
  path = inner._replace(path, '?', name)
  local from = 1
  while from <= #path do
    local stop = __intrinsic.find_from(path, ';', from) or #path + 1
    local file = __intrinsic.slice(path, from, stop - 1)
    if inner._find(file) then return file end
    from = stop + 1
  end
  return nil, "no file '" .. inner._replace(path, ';', "'\n\tno file '") .. "'"
end

function package.searchpath(name, path, separator, replacement)
  name = __intrinsic.check_string(name, 1)
  path = __intrinsic.check_string(path, 2)
  separator = __intrinsic.check_string(separator or '.', 3)
  return inner._search(name, path, separator, __intrinsic.check_string(replacement or '/', 4))
end

-- The same for a file's text, which may begin with a byte order mark and a line for the Unix shell.
function inner._compile_text(text, name, mode, environment)
  if __intrinsic.slice(text, 1, 3) == '\xEF\xBB\xBF' then text = __intrinsic.slice(text, 4, #text) end
  if __intrinsic.slice(text, 1, 1) == '#' then
    text = __intrinsic.slice(text, __intrinsic.find_from(text, '\n', 1) or #text + 1, #text)
  end
  return inner._compile(text, name, mode, environment)
end

-- The same for a file that was written at run time.
function inner._compile_file(file, mode, environment)
  local handle, message = files[2](file, 'rb')
  if handle == nil then return nil, 'cannot open ' .. message end
  local text = handle:read('a')
  handle:close()
  return inner._compile_text(text, '@' .. file, mode, environment)
end

-- A function of the file; or nil and why there is none.
function inner._load_file(file, mode, environment)
  local is_there, path = inner._find(file)
  if not is_there then return nil, 'cannot open ' .. file .. ': No such file or directory' end
  local chunk, is_broken
  if path ~= nil then chunk, is_broken = inner._chunk_of(path, environment) end
  if chunk == nil then return inner._compile_file(file, mode, environment) end
  if __intrinsic.find_from(mode, 't', 1) == nil then
    return nil, "attempt to load a text chunk (mode is '" .. mode .. "')"
  end
  if is_broken then return nil, (chunk()) end
  return chunk
end

local function search_preload(name)
  local loader = package.preload[name]
  if loader ~= nil then return loader, ':preload:' end
  return "no field package.preload['" .. name .. "']"
end

local function search_files(name)
  local path = package.path
  local kind = __intrinsic.type(path)
  if kind ~= 'string' and kind ~= 'number' then __intrinsic.raise("'package.path' must be a string") end
  local file, tried = inner._search(name, __intrinsic.check_string(path, 1), '.', '/')
  if file == nil then return tried end
  local chunk, message = inner._load_file(file, 'bt', _ENV)
  if chunk ~= nil then return chunk, file end
  error("error loading module '" .. name .. "' from file '" .. file .. "':\n\t" .. message, 0)
end

-- Libraries of C's: there are none, but their places are looked at.
function inner._search_native(name, root)
  local path = package.cpath
  local kind = __intrinsic.type(path)
  if kind ~= 'string' and kind ~= 'number' then __intrinsic.raise("'package.cpath' must be a string") end
  if path == '' then return nil end
  local file, tried = inner._search(root, __intrinsic.check_string(path, 1), '.', '/')
  if file == nil then return tried end
  local message = "error loading module '" .. name .. "' from file '" .. file .. "':\n\t"
  error(message .. 'dynamic libraries not enabled; check your Lua installation', 0)
end

local function search_library(name) return inner._search_native(name, name) end

local function search_root(name)
  local dot = __intrinsic.find_from(name, '.', 1)
  if dot == nil then return nil end
  return inner._search_native(name, __intrinsic.slice(name, 1, dot - 1))
end

function package.loadlib(path, name)
  __intrinsic.check_string(path, 1)
  __intrinsic.check_string(name, 2)
  return nil, 'dynamic libraries not enabled; check your Lua installation', 'absent'
end

package.searchers = { search_preload, search_files, search_library, search_root }

local loaded = package.loaded

function require(name)
  name = __intrinsic.check_string(name, 1)
  local value = loaded[name]
  if value then return value end
  local searchers = package.searchers
  if __intrinsic.type(searchers) ~= 'table' then __intrinsic.raise("'package.searchers' must be a table") end
  local tried, count, loader, extra = {}, 0, nil, nil
  for index = 1, #searchers do
    loader, extra = searchers[index](name)
    if __intrinsic.type(loader) == 'function' then break end
    if __intrinsic.type(loader) == 'string' and loader ~= '' then
      count = count + 1
      tried[count] = '\n\t' .. loader
    end
    loader = nil
  end
  if loader == nil then
    local text = __intrinsic.table_concat(tried, nil, 1, count, nil, nil, nil)
    error("module '" .. name .. "' not found:" .. text, 2)
  end
  value = loader(name, extra)
  if value ~= nil then loaded[name] = value end
  value = loaded[name]
  if value == nil then
    value = true
    loaded[name] = true
  end
  return value, extra
end

function loadfile(file, mode, ...)
  local environment = _ENV
  if __intrinsic.vararg_count() > 0 then environment = __intrinsic.vararg_get(1) end
  mode = __intrinsic.check_string(mode or 'bt', 2)
  if file == nil then return inner._compile_text(files[3]:read('a'), '=stdin', mode, environment) end
  return inner._load_file(__intrinsic.check_string(file, 1), mode, environment)
end

function dofile(file)
  local chunk, message
  if file == nil then chunk, message = inner._compile_text(files[3]:read('a'), '=stdin', 'bt', _ENV)
  else chunk, message = inner._load_file(__intrinsic.check_string(file, 1), 'bt', _ENV) end
  if chunk == nil then error(message, 0) end
  return chunk()
end

for name, value in next, _ENV do
  if __intrinsic.type(value) == 'table' then loaded[name] = value end
end

__intrinsic.part({ package, loaded, inner })
