-- Checks a JSON text (RFC 8259) and formats it: two spaces a level, members sorted by name; strings and numbers stay
-- as they were written.
-- Argument: the text, a string; without one the standard input is read. Result: the formatted text.
-- A text that is not JSON is an error that names line and column.

local text = ... or io.read("a")
local position = 1

local function fail(expected)
  local line, line_start = 1, 1
  for i = 1, math.min(position, #text + 1) - 1 do
    if text:byte(i) == 10 then
      line, line_start = line + 1, i + 1
    end
  end
  local found = position > #text and "the end of the text" or "'" .. text:sub(position, position) .. "'"
  error(string.format("%d:%d: expected %s, found %s", line, position - line_start + 1, expected, found), 0)
end

local function is_digit(byte)
  return byte and byte >= 48 and byte <= 57
end

local function is_hexadecimal(byte)
  return is_digit(byte) or byte and (byte | 32) >= 97 and (byte | 32) <= 102
end

local function skip_space()
  while true do
    local byte = text:byte(position)
    if byte ~= 32 and byte ~= 10 and byte ~= 13 and byte ~= 9 then
      return
    end
    position = position + 1
  end
end

-- Whether the next character is `character`; steps over it, if so.
local function accept(character)
  if text:sub(position, position) == character then
    position = position + 1
    return true
  end
  return false
end

local function skip_digits()
  if not is_digit(text:byte(position)) then
    fail("a digit")
  end
  while is_digit(text:byte(position)) do
    position = position + 1
  end
end

local function read_number()
  local start = position
  accept("-")
  if not accept("0") then
    skip_digits()
  end
  if accept(".") then
    skip_digits()
  end
  if accept("e") or accept("E") then
    if not accept("+") then
      accept("-")
    end
    skip_digits()
  end
  return text:sub(start, position - 1)
end

local function skip_escape()
  local kind = text:sub(position, position)
  if kind == "" or not ('"\\/bfnrtu'):find(kind, 1, true) then
    fail("an escape sequence")
  end
  position = position + 1
  if kind == "u" then
    for _ = 1, 4 do
      if not is_hexadecimal(text:byte(position)) then
        fail("a hexadecimal digit")
      end
      position = position + 1
    end
  end
end

local function read_string()
  local start = position
  if not accept('"') then
    fail("a string")
  end
  while not accept('"') do
    local byte = text:byte(position)
    if not byte or byte < 32 then
      fail("the end of the string")
    end
    position = position + 1
    if byte == 92 then
      skip_escape()
    end
  end
  return text:sub(start, position - 1)
end

local read_value -- forward: values nest

local function read_array()
  local elements = {}
  skip_space()
  if accept("]") then
    return { elements = elements }
  end
  repeat
    elements[#elements + 1] = read_value()
    skip_space()
  until not accept(",")
  if not accept("]") then
    fail("',' or ']'")
  end
  return { elements = elements }
end

local function read_object()
  local members = {}
  skip_space()
  if accept("}") then
    return { members = members }
  end
  repeat
    skip_space()
    local name = read_string()
    skip_space()
    if not accept(":") then
      fail("':'")
    end
    members[#members + 1] = { name = name, value = read_value() }
    skip_space()
  until not accept(",")
  if not accept("}") then
    fail("',' or '}'")
  end
  return { members = members }
end

local function read_word(word)
  if text:sub(position, position + #word - 1) ~= word then
    fail("a value")
  end
  position = position + #word
  return word
end

local word_starting_with = { t = "true", f = "false", n = "null" }

-- A scalar is returned as its text, an array as { elements }, an object as { members }.
function read_value()
  skip_space()
  local first = text:sub(position, position)
  if first == '"' then
    return read_string()
  elseif first == "-" or is_digit(first:byte()) then
    return read_number()
  elseif accept("[") then
    return read_array()
  elseif accept("{") then
    return read_object()
  elseif word_starting_with[first] then
    return read_word(word_starting_with[first])
  end
  fail("a value")
end

local output = {}

local function write(...)
  for _, piece in ipairs({ ... }) do
    output[#output + 1] = piece
  end
end

local write_value -- forward

local function write_list(open, items, close, indent, write_item)
  if #items == 0 then
    return write(open, close)
  end
  local inner = indent .. "  "
  write(open, "\n")
  for i, item in ipairs(items) do
    write(inner)
    write_item(item, inner)
    write(i < #items and ",\n" or "\n")
  end
  write(indent, close)
end

local function write_member(member, indent)
  write(member.name, ": ")
  write_value(member.value, indent)
end

function write_value(value, indent)
  if type(value) == "string" then
    write(value)
  elseif value.elements then
    write_list("[", value.elements, "]", indent, write_value)
  else
    table.sort(value.members, function(a, b)
      return a.name < b.name
    end)
    write_list("{", value.members, "}", indent, write_member)
  end
end

local value = read_value()
skip_space()
if position <= #text then
  fail("the end of the text")
end
write_value(value, "")
return table.concat(output)
