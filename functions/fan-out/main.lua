-- Calls one function with many arguments at once, and merges what comes back.
-- Argument: { call = NAME, arguments = LIST }. Result: { results, total, failed }: the value of each call, or false where it
-- failed; the sum of the numbers among them; the messages of those that failed.

local gazelle = require("gazelle")

local request = ...
assert(type(request) == "table" and type(request.call) == "string", "the argument must name a function to call")

local calls = {}
for index, argument in ipairs(request.arguments or {}) do
  calls[index] = { request.call, argument }
end

local results, total, failed = {}, 0, {}
for index, answer in ipairs(gazelle.invoke_all(calls)) do
  if answer.error then
    results[index] = false
    failed[#failed + 1] = answer.error
    gazelle.log.warn("a call failed", { call = request.call, index = index, message = answer.error })
  else
    results[index] = answer.value
    total = total + (tonumber(answer.value) or 0)
  end
end
return { results = results, total = total, failed = failed }
