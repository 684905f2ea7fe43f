-- UTF-8: the original form, of up to six bytes, where it is lax. (work), (codes): no arguments, as in string.lua.
utf8 = { charpattern = '[\0-\x7F\xC2-\xFD][\x80-\xBF]*' }
local utf8 = utf8

function utf8.len(text, first, last, lax) return __intrinsic.utf8_len(text, first, last, lax) end
function utf8.codepoint(text, first, last, lax) return __intrinsic.utf8_codepoint(text, first, last, lax) end
function utf8.offset(text, count, first) return __intrinsic.utf8_offset(text, count, first) end

function utf8.char(...)
  do return __intrinsic.utf8_char() end
  local pieces = {}
  local count = __intrinsic.vararg_count()
  for index = 1, count do pieces[index] = __intrinsic.utf8_one(__intrinsic.vararg_get(index), index) end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

local function next_strict(text, position) return __intrinsic.utf8_next(text, position, false) end
local function next_lax(text, position) return __intrinsic.utf8_next(text, position, true) end

function utf8.codes(text, lax)
  text = __intrinsic.utf8_check(text)
  return lax and next_lax or next_strict, text, 0
end

__intrinsic.part({ utf8 })
