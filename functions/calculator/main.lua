-- Evaluates arithmetic, as a spreadsheet cell or a pricing rule needs it, without ever running the text as code.
-- Argument: the expression, a string, or { expression, variables = { name = number, ... } }. Result: the number.
-- Known are + - * / % ^ (to the right), parentheses, numbers, variables, and sqrt, abs, floor, min, max. Integers stay
-- integers until / or ^. A mistake is an error that names the column.

local request = ...
if type(request) == "string" then
  request = { expression = request }
end
local variables = request.variables or {}

local functions = { sqrt = math.sqrt, abs = math.abs, floor = math.floor, min = math.min, max = math.max }

local function is_digit(byte)
  return byte >= 48 and byte <= 57
end

local function is_letter(byte)
  return byte >= 97 and byte <= 122 or byte >= 65 and byte <= 90 or byte == 95
end

local function fail(column, message)
  error("column " .. column .. ": " .. message, 0)
end

-- The position after the longest run of bytes from `start` on that `belongs` accepts.
local function end_of_run(text, start, belongs)
  local position = start
  while position <= #text and belongs(text:byte(position)) do
    position = position + 1
  end
  return position
end

local function belongs_to_number(byte)
  return is_digit(byte) or byte == 46
end

local function belongs_to_name(byte)
  return is_letter(byte) or is_digit(byte)
end

local function number_token(text, start)
  local stop = end_of_run(text, start, belongs_to_number)
  local value = tonumber(text:sub(start, stop - 1))
  if not value then
    fail(start, "malformed number '" .. text:sub(start, stop - 1) .. "'")
  end
  return { kind = "number", value = value, column = start }, stop
end

-- Tokens are { kind, column } with kind "number" (and value), "name" (and name), "end", or the operator itself.
local function tokenize(text)
  local tokens, position = {}, 1
  while position <= #text do
    local byte = text:byte(position)
    if byte == 32 or byte == 9 then
      position = position + 1
    elseif belongs_to_number(byte) then
      tokens[#tokens + 1], position = number_token(text, position)
    elseif is_letter(byte) then
      local stop = end_of_run(text, position, belongs_to_name)
      tokens[#tokens + 1] = { kind = "name", name = text:sub(position, stop - 1), column = position }
      position = stop
    elseif ("+-*/%^(),"):find(string.char(byte), 1, true) then
      tokens[#tokens + 1] = { kind = string.char(byte), column = position }
      position = position + 1
    else
      fail(position, "unexpected '" .. text:sub(position, position) .. "'")
    end
  end
  tokens[#tokens + 1] = { kind = "end", column = #text + 1 }
  return tokens
end

-- A binary operator binds the operands on its left by `left` and on its right by `right`: with right below left it
-- groups to the right.
local binary_operators = {
  ["+"] = { left = 1, right = 2, apply = function(a, b) return a + b end },
  ["-"] = { left = 1, right = 2, apply = function(a, b) return a - b end },
  ["*"] = { left = 3, right = 4, apply = function(a, b) return a * b end },
  ["/"] = { left = 3, right = 4, apply = function(a, b) return a / b end },
  ["%"] = { left = 3, right = 4, apply = function(a, b) return a % b end },
  ["^"] = { left = 8, right = 7, apply = function(a, b) return a ^ b end },
}
local NEGATION_BINDS <const> = 5

local tokens = tokenize(request.expression)
local index = 1

local function advance()
  index = index + 1
  return tokens[index - 1]
end

local function expect(kind)
  local token = tokens[index]
  if token.kind ~= kind then
    fail(token.column, "expected '" .. kind .. "', found '" .. (token.name or token.value or token.kind) .. "'")
  end
  return advance()
end

local evaluate -- forward: expressions nest

local function evaluate_call(name)
  local call = functions[name.name] or fail(name.column, "unknown function '" .. name.name .. "'")
  expect("(")
  local arguments = { evaluate(0) }
  while tokens[index].kind == "," do
    advance()
    arguments[#arguments + 1] = evaluate(0)
  end
  expect(")")
  return call(table.unpack(arguments))
end

local function evaluate_operand()
  local token = advance()
  if token.kind == "number" then
    return token.value
  elseif token.kind == "name" and tokens[index].kind == "(" then
    return evaluate_call(token)
  elseif token.kind == "name" then
    return variables[token.name] or fail(token.column, "unknown variable '" .. token.name .. "'")
  elseif token.kind == "-" then
    return -evaluate(NEGATION_BINDS)
  elseif token.kind == "(" then
    local value = evaluate(0)
    expect(")")
    return value
  end
  fail(token.column, "expected a number, a name or '(', found '" .. token.kind .. "'")
end

-- Evaluates as far as operators bind more tightly than `least` (Pratt's method).
function evaluate(least)
  local value = evaluate_operand()
  while true do
    local operator = binary_operators[tokens[index].kind]
    if not operator or operator.left <= least then
      return value
    end
    advance()
    value = operator.apply(value, evaluate(operator.right))
  end
end

local value = evaluate(0)
expect("end")
return value
