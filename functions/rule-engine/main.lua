-- Decides what to do with an order, a message or an alert by rules that the caller brings as data.
-- Argument: { facts = {...}, rules = { { name, priority?, when = condition, set = { fact = value, ... } }, ... } }.
-- A condition is { fact, op, value } with op one of == ~= < <= > >= contains exists, or { all = {...} },
-- { any = {...} } or { ["not"] = condition }. A rule that holds sets facts, which may make others hold; each rule fires
-- at most once, the one of highest priority first.
-- Result: { facts = the facts at the end, fired = the names of the rules in the order in which they fired }.

local request = ...

local function contains(container, item)
  if type(container) == "string" then
    return container:find(item, 1, true) ~= nil
  end
  for _, element in ipairs(container) do
    if element == item then
      return true
    end
  end
  return false
end

-- An operator sees a missing fact as nil; only exists, == and ~= have an answer to that.
local operators = {
  ["=="] = function(fact, value) return fact == value end,
  ["~="] = function(fact, value) return fact ~= value end,
  ["<"] = function(fact, value) return fact ~= nil and fact < value end,
  ["<="] = function(fact, value) return fact ~= nil and fact <= value end,
  [">"] = function(fact, value) return fact ~= nil and fact > value end,
  [">="] = function(fact, value) return fact ~= nil and fact >= value end,
  contains = function(fact, value) return fact ~= nil and contains(fact, value) end,
  exists = function(fact) return fact ~= nil end,
}

local holds -- forward: conditions nest

local function all_hold(conditions, facts)
  for _, condition in ipairs(conditions) do
    if not holds(condition, facts) then
      return false
    end
  end
  return true
end

local function any_holds(conditions, facts)
  for _, condition in ipairs(conditions) do
    if holds(condition, facts) then
      return true
    end
  end
  return false
end

function holds(condition, facts)
  if condition.all then
    return all_hold(condition.all, facts)
  elseif condition.any then
    return any_holds(condition.any, facts)
  elseif condition["not"] then
    return not holds(condition["not"], facts)
  end
  local operator = operators[condition.op]
  if not operator then
    error("unknown operator '" .. tostring(condition.op) .. "'", 0)
  end
  return operator(facts[condition.fact], condition.value)
end

-- Highest priority first; rules of equal priority in the order in which they were given.
local function by_priority(rules)
  local agenda = {}
  for position, rule in ipairs(rules) do
    agenda[position] = { rule = rule, priority = rule.priority or 0, position = position }
  end
  table.sort(agenda, function(a, b)
    if a.priority ~= b.priority then
      return a.priority > b.priority
    end
    return a.position < b.position
  end)
  return agenda
end

-- Takes the first rule that holds off the agenda, or returns nil.
local function take_next(agenda, facts)
  for position, entry in ipairs(agenda) do
    if holds(entry.rule.when, facts) then
      return table.remove(agenda, position).rule
    end
  end
  return nil
end

local facts, fired = request.facts, {}
local agenda = by_priority(request.rules)
local rule = take_next(agenda, facts)
while rule do
  fired[#fired + 1] = rule.name
  for name, value in pairs(rule.set or {}) do
    facts[name] = value
  end
  rule = take_next(agenda, facts)
end

return { facts = facts, fired = fired }
