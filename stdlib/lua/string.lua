-- The string library. Strings share one metatable whose __index is this table. Parameters in
-- brackets of the comments are no arguments: intrinsics keep unfinished work in them.
string = {}
local string, tostring = string, tostring

function string.len(text) return __intrinsic.string_len(text) end
-- (work)
function string.sub(text, first, last, work) return __intrinsic.string_sub(text, first, last, work) end
function string.byte(text, first, last) return __intrinsic.string_byte(text, first, last) end
function string.char(...) return __intrinsic.string_char() end
-- (work)
function string.rep(text, count, separator, work) return __intrinsic.string_rep(text, count, separator, work) end
-- (work)
function string.reverse(text, work) return __intrinsic.string_reverse(text, work) end
-- (work)
function string.upper(text, work) return __intrinsic.string_upper(text, work) end
-- (work)
function string.lower(text, work) return __intrinsic.string_lower(text, work) end
-- (work)
function string.find(text, pattern, first, plain, work)
  return __intrinsic.string_find(text, pattern, first, plain, work)
end
-- (work)
function string.match(text, pattern, first, work) return __intrinsic.string_match(text, pattern, first, work) end

function string.gmatch(text, pattern, first)
  local memory
  text, pattern, memory = __intrinsic.gmatch_begin(text, pattern, first)
  return function() return __intrinsic.gmatch_next(text, pattern, memory, nil) end
end

local function captures(text, state, pattern) return __intrinsic.gsub_captures(text, state, pattern) end

-- (state, result, value, second, count)
function string.gsub(text, pattern, replacement, limit, state, result, value, second, count)
  do return __intrinsic.string_gsub(text, pattern, replacement, limit, state, result, value) end
  -- The replacement is a function, or a table with a metatable: what it calls cannot yield.
  __intrinsic.no_yield()
  while true do
    do return __intrinsic.gsub_next(text, pattern, replacement, limit, state, result, value, second, count) end
    if count == 1 then
      value = replacement(value)
    elseif count == 2 then
      value = replacement(value, second)
    elseif count == 0 then
      value = replacement[value]
    else
      value = replacement(captures(text, state, pattern))
    end
  end
end

local function push_quoted(pieces, count, text)
  local position = 1
  pieces[count + 1] = '"'
  count = count + 1
  repeat
    local piece, following = __intrinsic.quote_chunk(text, position)
    count = count + 1
    pieces[count] = piece
    position = following
  until position == nil
  pieces[count + 1] = '"'
  return count + 1
end

function string.format(template, ...)
  do return __intrinsic.string_format(template) end
  local pieces, count, position, used = {}, 0, 1, 0
  while true do
    local piece, following, index = __intrinsic.format_step(template, position, used)
    if following == nil then break end
    if piece == true then
      __intrinsic.vararg_set(index, (tostring(__intrinsic.vararg_get(index))))
    else
      if piece == false then
        count = push_quoted(pieces, count, __intrinsic.vararg_get(index))
      else
        count = count + 1
        pieces[count] = piece
      end
      position, used = following, index
    end
  end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

function string.dump(func, strip) return __intrinsic.string_dump(func, strip) end

function string.packsize(template) return __intrinsic.string_packsize(template) end
function string.unpack(template, data, first) return __intrinsic.string_unpack(template, data, first) end

local rep = string.rep

function string.pack(template, ...)
  do return __intrinsic.string_pack(template) end
  local pieces, count, position, used, settings, size = {}, 0, 0, 0, 1, 0
  repeat
    local piece, zeros
    piece, position, used, settings, size, zeros = __intrinsic.pack_step(template, position, used, settings, size)
    count = count + 1
    pieces[count] = piece
    if zeros ~= nil then
      pieces[count + 1] = __intrinsic.vararg_get(used)
      pieces[count + 2] = rep('\0', zeros)
      count = count + 2
    end
  until position == nil
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

__intrinsic.set_string_metatable({ __index = string })
