-- The module gazelle.json: JSON text to Lua's values and back, as guest code: metered and preempted as any other. Made when
-- it is required.
package.preload['gazelle.json'] = function()
  local byte, find, format, gsub, match, sub =
    string.byte, string.find, string.format, string.gsub, string.match, string.sub
  local char, len = utf8.char, utf8.len
  local error, getmetatable, next, setmetatable = error, getmetatable, next, setmetatable
  local sort, tonumber, tostring = table.sort, tonumber, tostring
  -- Strings of library code are made each time that they are met: those of every value are variables.
  local NO_BLANK, SPECIAL, INTEGRAL, ZERO = '[^ \n\r\t]', '["\\\0-\31]', '^-?[1-9]%d*()', '^-?0()'
  local FRACTION, EXPONENT, MINUS_ZERO = '^%.%d+()', '^[eE][+-]?%d+()', '-0'
  local TABLE, STRING, NUMBER, INTEGER = 'table', 'string', 'number', 'integer'
  local QUOTE, COLON, COMMA, LIST_BEGIN, LIST_END, RECORD_BEGIN, RECORD_END = '"', ':', ',', '[', ']', '{', '}'

  -- As deep as a value may be that crosses to the host.
  local MAXIMUM_DEPTH = 128

  local function fail(message, at)
    error('json.decode: ' .. message .. ' at byte ' .. tostring(at), 0)
  end

  local function skip(text, at)
    return find(text, NO_BLANK, at) or #text + 1
  end

  local ESCAPED = { b = '\b', f = '\f', n = '\n', r = '\r', t = '\t', ['"'] = '"', ['\\'] = '\\', ['/'] = '/' }

  -- The character that an escape sequence at the backslash `at` stands for, and where the text goes on.
  local function read_escape(text, at)
    local letter = sub(text, at + 1, at + 1)
    local plain = ESCAPED[letter]
    if plain then return plain, at + 2 end
    local digits = letter == 'u' and match(text, '^%x%x%x%x', at + 2)
    if not digits then fail('unknown escape sequence', at) end
    local code = tonumber(digits, 16)
    if code < 0xD800 or code > 0xDFFF then return char(code), at + 6 end
    local low = code < 0xDC00 and match(text, '^\\u([dD][c-fC-F]%x%x)', at + 6)
    if low then return char(0x10000 + ((code - 0xD800) << 10) + (tonumber(low, 16) - 0xDC00)), at + 12 end
    -- Half of a surrogate pair is no character.
    return '\xEF\xBF\xBD', at + 6
  end

  -- The string whose first character is at `at`, and where the text goes on.
  local function read_string(text, at)
    local pieces, count = nil, 0
    while true do
      local stop = find(text, SPECIAL, at)
      local code = stop and byte(text, stop)
      if code == 34 and not pieces then return sub(text, at, stop - 1), stop + 1 end
      if not code then fail('a string without an end', #text + 1) end
      if code < 32 then fail('a control character in a string', stop) end
      pieces = pieces or {}
      pieces[count + 1] = sub(text, at, stop - 1)
      if code == 34 then
        return __intrinsic.table_concat(pieces, nil, 1, count + 1, nil, nil, nil), stop + 1
      end
      count = count + 2
      pieces[count], at = read_escape(text, stop)
    end
  end

  local function read_number(text, at)
    local stop = match(text, INTEGRAL, at) or match(text, ZERO, at)
    if not stop then fail('expected a value', at) end
    stop = match(text, FRACTION, stop) or stop
    stop = match(text, EXPONENT, stop) or stop
    local numeral = sub(text, at, stop - 1)
    if numeral == MINUS_ZERO then return -0.0, stop end
    return tonumber(numeral), stop
  end

  -- By their first letters.
  local WORDS = { [116] = 'true', [102] = 'false', [110] = 'null' }
  local VALUES = { [116] = true, [102] = false }
  local read_value

  local function read_list(text, at, null, depth)
    local list, count = {}, 0
    at = skip(text, at)
    if byte(text, at) == 93 then return list, at + 1 end
    while true do
      count = count + 1
      list[count], at = read_value(text, at, null, depth)
      at = skip(text, at)
      local code = byte(text, at)
      if code == 93 then return list, at + 1 end
      if code ~= 44 then fail("expected ',' or ']'", at) end
      at = skip(text, at + 1)
    end
  end

  local function read_record(text, at, null, depth)
    local record = {}
    at = skip(text, at)
    if byte(text, at) == 125 then return record, at + 1 end
    while true do
      local name
      if byte(text, at) ~= 34 then fail('expected a name', at) end
      name, at = read_string(text, at + 1)
      at = skip(text, at)
      if byte(text, at) ~= 58 then fail("expected ':'", at) end
      record[name], at = read_value(text, skip(text, at + 1), null, depth)
      at = skip(text, at)
      local code = byte(text, at)
      if code == 125 then return record, at + 1 end
      if code ~= 44 then fail("expected ',' or '}'", at) end
      at = skip(text, at + 1)
    end
  end

  -- The value at `at`, where no blank is, and where the text goes on.
  function read_value(text, at, null, depth)
    local first = byte(text, at)
    if first == 34 then return read_string(text, at + 1) end
    local word = WORDS[first]
    if word then
      if sub(text, at, at + #word - 1) ~= word then fail('expected a value', at) end
      if first == 110 then return null, at + 4 end
      return VALUES[first], at + #word
    end
    if first ~= 123 and first ~= 91 then return read_number(text, at) end
    if depth == MAXIMUM_DEPTH then fail('nested too deeply', at) end
    if first == 123 then return read_record(text, at + 1, null, depth + 1) end
    return read_list(text, at + 1, null, depth + 1)
  end

  -- The value of a JSON text. `null` is what its nulls become: nil without it, and then they are no entries.
  local function decode(text, null)
    text = __intrinsic.check_string(text, 1)
    local value, at = read_value(text, skip(text, 1), null, 0)
    at = skip(text, at)
    if at <= #text then fail('expected the end', at) end
    return value
  end

  -- --- writing ---

  local LIST, RECORD, null = {}, {}, {}

  local function refuse(message) error('json.encode: ' .. message, 0) end

  local ESCAPES = {
    ['"'] = '\\"', ['\\'] = '\\\\', ['\b'] = '\\b', ['\f'] = '\\f', ['\n'] = '\\n', ['\r'] = '\\r', ['\t'] = '\\t',
  }

  local function escape(character)
    return ESCAPES[character] or format('\\u%04x', byte(character))
  end

  local function quote(text)
    if not len(text) then refuse('a string is not UTF-8') end
    if find(text, SPECIAL) then text = gsub(text, SPECIAL, escape) end
    return QUOTE .. text .. QUOTE
  end

  -- The shortest of these that reads back as the same number.
  local function numeral(number)
    if __intrinsic.math_type(number) == INTEGER then return tostring(number) end
    if number ~= number or number == 1 / 0 or number == -1 / 0 then refuse(tostring(number) .. ' is no JSON number') end
    local text = format('%.15g', number)
    if tonumber(text) == number then return text end
    text = format('%.16g', number)
    if tonumber(text) == number then return text end
    return format('%.17g', number)
  end

  -- How many elements a table has when its keys are 1 to that; nil for any other.
  local function length_of(value)
    local count, last = 0, 0
    for key in next, value do
      if __intrinsic.math_type(key) ~= INTEGER or key < 1 then return nil end
      count = count + 1
      if key > last then last = key end
    end
    if count == last then return count end
    return nil
  end

  local write_value

  local function write_list(pieces, count, list, length, depth)
    for index = 1, length do
      count = count + 1
      pieces[count] = index == 1 and LIST_BEGIN or COMMA
      count = write_value(pieces, count, list[index], depth)
    end
    pieces[count + 1] = length == 0 and '[]' or LIST_END
    return count + 1
  end

  -- Members by the order of their names, so that equal values are equal texts.
  local function write_record(pieces, count, record, depth)
    local names, members, length = {}, {}, 0
    for key, value in next, record do
      local kind = __intrinsic.type(key)
      if kind ~= STRING and kind ~= NUMBER then refuse('a ' .. kind .. ' is no name of a member') end
      length = length + 1
      names[length] = tostring(key)
      members[names[length]] = value
    end
    sort(names)
    for index = 1, length do
      local name = names[index]
      pieces[count + 1] = (index == 1 and RECORD_BEGIN or COMMA) .. quote(name) .. COLON
      count = write_value(pieces, count + 1, members[name], depth)
    end
    pieces[count + 1] = length == 0 and '{}' or RECORD_END
    return count + 1
  end

  function write_value(pieces, count, value, depth)
    local kind = __intrinsic.type(value)
    if kind == TABLE and value ~= null then
      if depth == MAXIMUM_DEPTH then refuse('nested too deeply, or contains itself') end
      local mark = getmetatable(value)
      local length = mark ~= RECORD and length_of(value)
      if mark == LIST and not length then refuse('a list with holes, or with other keys') end
      if length then return write_list(pieces, count, value, length, depth + 1) end
      return write_record(pieces, count, value, depth + 1)
    end
    local text
    if kind == STRING then
      text = quote(value)
    elseif kind == NUMBER then
      text = numeral(value)
    elseif kind == 'boolean' then
      text = tostring(value)
    elseif value == nil or value == null then
      text = 'null'
    else
      refuse('a ' .. kind .. ' has no JSON form')
    end
    pieces[count + 1] = text
    return count + 1
  end

  -- A value as JSON text. A table whose keys are 1 to n is a list, an empty one too; any other is an object.
  local function encode(value)
    local pieces = {}
    local count = write_value(pieces, 0, value, 0)
    return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
  end

  setmetatable(null, { __tostring = function() return 'null' end })
  return {
    decode = decode,
    encode = encode,
    null = null,
    -- Mark a table, in place, as a list or an object, for where it is empty or has numbers for names.
    list = function(value) return setmetatable(value, LIST) end,
    object = function(value) return setmetatable(value, RECORD) end,
  }
end
