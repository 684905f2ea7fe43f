-- The string library, without patterns for now. Strings share one metatable whose __index is this table.
string = {}
local string = string

function string.len(text)
  return #__intrinsic.check_string(text, 1)
end

function string.sub(text, first, last)
  text = __intrinsic.check_string(text, 1)
  first = __intrinsic.check_integer(first, 2)
  if last == nil then last = -1 else last = __intrinsic.check_integer(last, 3) end
  return __intrinsic.string_sub(text, first, last)
end

function string.byte(text, first, last, ...)
  text = __intrinsic.check_string(text, 1)
  if first == nil then first = 1 else first = __intrinsic.check_integer(first, 2) end
  if last == nil then last = first else last = __intrinsic.check_integer(last, 3) end
  __intrinsic.vararg_bytes(text, first, last)
  return ...
end

function string.char(...)
  for index = 1, __intrinsic.vararg_count() do
    local code = __intrinsic.check_integer(__intrinsic.vararg_get(index), index)
    if code < 0 or code > 255 then __intrinsic.argument_error(index, 'value out of range') end
  end
  return __intrinsic.string_from_varargs()
end

function string.rep(text, count, separator)
  text = __intrinsic.check_string(text, 1)
  count = __intrinsic.check_integer(count, 2)
  if separator == nil then separator = '' else separator = __intrinsic.check_string(separator, 3) end
  return __intrinsic.string_rep(text, count, separator)
end

function string.reverse(text)
  return __intrinsic.string_reverse(__intrinsic.check_string(text, 1), nil)
end

function string.upper(text)
  return __intrinsic.string_upper(__intrinsic.check_string(text, 1), nil)
end

function string.lower(text)
  return __intrinsic.string_lower(__intrinsic.check_string(text, 1), nil)
end

function string.find(text, pattern, first, plain)
  text = __intrinsic.check_string(text, 1)
  pattern = __intrinsic.check_string(pattern, 2)
  if first == nil then first = 1 else first = __intrinsic.check_integer(first, 3) end
  if first < 0 then
    first = #text + first + 1
    if first < 1 then first = 1 end
  elseif first == 0 then
    first = 1
  end
  if first > #text + 1 then return nil end
  if not plain and __intrinsic.has_specials(pattern) then
    __intrinsic.raise('patterns are not supported yet: only plain text can be searched')
  end
  local found = __intrinsic.string_find(text, pattern, first)
  if found == nil then return nil end
  return found, found + #pattern - 1
end

local tostring = tostring

function string.format(template, ...)
  template = __intrinsic.check_string(template, 1)
  local count = __intrinsic.vararg_count()
  local result, at, argument = '', 1, 0
  while true do
    local percent = __intrinsic.string_find(template, '%', at)
    if percent == nil then break end
    if percent > at then result = result .. __intrinsic.string_sub(template, at, percent - 1) end
    local last = __intrinsic.format_end(template, percent)
    if last == nil then
      local bad = __intrinsic.format_bad(template, percent)
      __intrinsic.raise("invalid conversion '" .. bad .. "' to 'format'")
    end
    if last == percent + 1 and __intrinsic.string_byte(template, last) == 37 then
      result = result .. '%'
    else
      argument = argument + 1
      if argument > count then __intrinsic.argument_error(argument + 1, 'no value') end
      local spec = __intrinsic.string_sub(template, percent, last)
      local conversion = __intrinsic.string_sub(template, last, last)
      local value = __intrinsic.vararg_get(argument)
      if conversion == 's' then
        value = tostring(value)
        if #spec == 2 then result = result .. value else result = result .. __intrinsic.format_string(spec, value) end
      elseif conversion == 'q' then
        result = result .. __intrinsic.format_quoted(spec, value)
      elseif conversion == 'c' then
        local code = __intrinsic.check_integer(value, argument + 1)
        result = result .. __intrinsic.format_string(spec, __intrinsic.string_from_byte(code & 255))
      elseif __intrinsic.is_integer_conversion(conversion) then
        result = result .. __intrinsic.format_integer(spec, __intrinsic.check_integer(value, argument + 1))
      else
        result = result .. __intrinsic.format_float(spec, __intrinsic.check_number(value, argument + 1))
      end
    end
    at = last + 1
  end
  if at == 1 then return template end
  return result .. __intrinsic.string_sub(template, at, -1)
end

__intrinsic.set_string_metatable({ __index = string })
