-- Finalisers: the newest object's first, once each, with what they need; errors in them are warnings.
local log = {}
local function told() local text = table.concat(log, " ") log = {} return text end
local function object(name, finaliser) return setmetatable({ name = name }, { __gc = finaliser or function(o) log[#log + 1] = o.name end }) end
local function forget(...) for i = 1, select("#", ...) do object((select(i, ...))) end end
forget("a", "b", "c")
collectgarbage()
print(told()) -- expect: c b a
collectgarbage()
print(told() == "") -- expect: true
-- An object may come back, and have its end told anew.
local back
local mt = {}
function mt.__gc(o) log[#log + 1] = o.name back = o end
do setmetatable({ name = "phoenix" }, mt) end
collectgarbage()
print(told(), back.name) -- expect: phoenix	phoenix
setmetatable(back, mt)
back = nil
collectgarbage()
print(told(), back.name) -- expect: phoenix	phoenix
back = nil
collectgarbage()
print(told() == "", back) -- expect: true	nil
-- What an object refers to is there for its finaliser. Weak values have lost it by then, weak keys have not.
local values, keys = setmetatable({}, { __mode = "v" }), setmetatable({}, { __mode = "k" })
do
  local part = { text = "part" }
  values.part, keys[part] = part, "key"
  object("whole", function(o) log[#log + 1] = o.part.text .. " " .. tostring(values.part) .. " " .. keys[o.part] end).part = part
end
collectgarbage()
print(told()) -- expect: part nil key
collectgarbage()
print(next(keys)) -- expect: nil
-- Of weak tables too, which are told once, however often they get a metatable and whatever was collected between.
do
  local weak = { __mode = "k", __gc = function(o) log[#log + 1] = o.name end }
  local object = setmetatable({ name = "weak" }, weak)
  for _ = 1, 3 do
    collectgarbage()
    setmetatable(setmetatable(object, {}), weak)
    setmetatable({}, { __mode = "v" })
  end
end
collectgarbage()
print(told()) -- expect: weak
collectgarbage()
print(told() == "") -- expect: true
-- A `__gc` that comes later than the metatable is nobody's; any other value than a function fails when it is called.
local late = {}
do setmetatable({}, late) end
late.__gc = function() log[#log + 1] = "late" end
do setmetatable({}, { __gc = true }) end
do object("bad", function() error("in a finaliser") end) end
do object("good") end
collectgarbage()
print(told()) -- expect: good
-- Nothing is collected, nobody yields, and nothing is lost in a finaliser.
do object("inside", function() log[#log + 1] = tostring(collectgarbage()) .. " " .. tostring(coroutine.isyieldable()) end) end
coroutine.wrap(function() collectgarbage() end)()
print(told()) -- expect: nil false
-- Without being asked, too.
local seen = false
do object("automatic", function() seen = true end) end
repeat local t = {} until seen
print(seen) -- expect: true
-- At the end of the program all that is left, in the order in which it was made, backward.
A = object("first", function(o) print("closing " .. o.name) object("never", function() print("never") end) end)
B = object("second", function(o) print("closing " .. o.name) end)
print("end") -- expect: end
-- expect: closing second
-- expect: closing first
