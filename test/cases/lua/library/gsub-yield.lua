-- A yield inside the callback of gsub is refused, as in a comparison of sort.
local ok, message = coroutine.resume(coroutine.create(function() return ("x"):gsub("x", coroutine.yield) end))
print(ok, message) -- expect: false	attempt to yield across a C-call boundary
print(coroutine.wrap(function() return (("x"):gsub("x", function() return "y" end)) end)()) -- expect: y
