-- Renders a text template, for example an e-mail or a page, with the caller's data.
-- Argument: { template = string, data = {...} }. Result: the text.
-- {{path.to.value}} inserts a value with & < > " escaped, {{&path}} as it is; {{#each path}}...{{/each}} repeats for
-- each element, with `this` for the element and its own fields by name; {{#if path}}...{{else}}...{{/if}} chooses.
-- A missing value inserts nothing. A block that is not closed, or closed wrongly, is an error that names its place.

local request = ...

local ESCAPES <const> = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function trim(text)
  local first, last = 1, #text
  while first <= last and text:sub(first, first) == " " do
    first = first + 1
  end
  while last >= first and text:sub(last, last) == " " do
    last = last - 1
  end
  return text:sub(first, last)
end

local function starts_with(text, prefix)
  return text:sub(1, #prefix) == prefix
end

-- Splits the template into { text = ... } and { tag = ..., at = ... } pieces.
local function tokenize(template)
  local tokens, position = {}, 1
  while true do
    local open = template:find("{{", position, true)
    if not open then
      break
    end
    local close = template:find("}}", open + 2, true)
    if not close then
      error("the tag at " .. open .. " is not closed", 0)
    end
    tokens[#tokens + 1] = { text = template:sub(position, open - 1) }
    tokens[#tokens + 1] = { tag = trim(template:sub(open + 2, close - 1)), at = open }
    position = close + 2
  end
  tokens[#tokens + 1] = { text = template:sub(position) }
  return tokens
end

-- "a.b.c" as { "a", "b", "c" }
local function split_path(path)
  local names, position = {}, 1
  while true do
    local dot = path:find(".", position, true)
    if not dot then
      names[#names + 1] = path:sub(position)
      return names
    end
    names[#names + 1] = path:sub(position, dot - 1)
    position = dot + 1
  end
end

local parse_block -- forward: blocks nest

local function parse_tag(tokens, index)
  local tag = tokens[index].tag
  if starts_with(tag, "#each ") then
    local body, next_index = parse_block(tokens, index + 1, "each", tokens[index].at)
    return { kind = "each", path = split_path(trim(tag:sub(7))), body = body }, next_index
  elseif starts_with(tag, "#if ") then
    local body, next_index, otherwise = parse_block(tokens, index + 1, "if", tokens[index].at)
    return { kind = "if", path = split_path(trim(tag:sub(5))), body = body, otherwise = otherwise }, next_index
  elseif starts_with(tag, "&") then
    return { kind = "raw", path = split_path(trim(tag:sub(2))) }, index + 1
  end
  return { kind = "value", path = split_path(tag) }, index + 1
end

-- Parses up to the tag that closes `block` (the end of the template if nil). Returns the nodes, the index after the
-- closing tag, and for an if with an else the nodes of that.
function parse_block(tokens, index, block, opened_at)
  local nodes, before_else = {}, nil
  while index <= #tokens do
    local token = tokens[index]
    if token.text then
      nodes[#nodes + 1] = { kind = "text", text = token.text }
      index = index + 1
    elseif token.tag == "else" and block == "if" and not before_else then
      before_else, nodes = nodes, {}
      index = index + 1
    elseif starts_with(token.tag, "/") then
      if token.tag ~= "/" .. (block or "") then
        error("{{" .. token.tag .. "}} at " .. token.at .. " closes nothing", 0)
      end
      return before_else or nodes, index + 1, before_else and nodes
    else
      nodes[#nodes + 1], index = parse_tag(tokens, index)
    end
  end
  if block then
    error("{{#" .. block .. "}} at " .. opened_at .. " is not closed", 0)
  end
  return nodes, index
end

local function look_up(scope, path)
  local value = scope
  for _, name in ipairs(path) do
    if type(value) ~= "table" then
      return nil
    end
    value = value[name]
  end
  return value
end

local function escape(text)
  local pieces = {}
  for i = 1, #text do
    local character = text:sub(i, i)
    pieces[i] = ESCAPES[character] or character
  end
  return table.concat(pieces)
end

-- The scope of an each: `this`, the element's own fields, and around them what was visible before.
local function scope_of_element(element, outer)
  return setmetatable({ this = element }, {
    __index = function(_, name)
      local own = nil
      if type(element) == "table" then
        own = element[name]
      end
      if own ~= nil then
        return own
      end
      return outer[name]
    end,
  })
end

local render = {} -- by kind of node

local function render_all(nodes, scope, output)
  for _, node in ipairs(nodes) do
    render[node.kind](node, scope, output)
  end
end

function render.text(node, _, output)
  output[#output + 1] = node.text
end

function render.raw(node, scope, output)
  local value = look_up(scope, node.path)
  if value ~= nil then
    output[#output + 1] = tostring(value)
  end
end

function render.value(node, scope, output)
  local value = look_up(scope, node.path)
  if value ~= nil then
    output[#output + 1] = escape(tostring(value))
  end
end

render["if"] = function(node, scope, output)
  if look_up(scope, node.path) then
    render_all(node.body, scope, output)
  elseif node.otherwise then
    render_all(node.otherwise, scope, output)
  end
end

function render.each(node, scope, output)
  for _, element in ipairs(look_up(scope, node.path) or {}) do
    render_all(node.body, scope_of_element(element, scope), output)
  end
end

local output = {}
render_all(parse_block(tokenize(request.template), 1), request.data, output)
return table.concat(output)
