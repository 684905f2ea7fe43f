-- Named counters in the tenant's storage, that any number of calls change at once: each change is a compare-and-swap, and
-- begins again when another call was there first.
-- Argument: { name, reset = true } or { name, add = INTEGER }. Result: the counter's value afterwards.

local storage = require("gazelle").storage

local request = ...
assert(type(request) == "table" and type(request.name) == "string", "the counter needs a name")
local key = "counter/" .. request.name

if request.reset then
  storage.put(key, "0")
  return 0
end

local amount = assert(math.tointeger(request.add), "add must be a whole number")
while true do
  local text, version = storage.get(key)
  local value = math.tointeger(tonumber(text or "0")) + amount
  if storage.compare_and_swap(key, version, tostring(value)) then
    return value
  end
end
