-- Errors in coroutines, closing them, what is refused.
print(coroutine.resume(coroutine.create(function() error("oops") end))) -- expect: false	failing.lua:2: oops
print(coroutine.resume(coroutine.create(function() error({}, 2) end)) == false) -- expect: true
print(coroutine.resume(coroutine.create(function() local x = nil; return x.y end))) -- expect: false	failing.lua:4: attempt to index a nil value (local 'x')
print(pcall(coroutine.wrap(function() error("oops") end))) -- expect: false	failing.lua:5: oops
print(pcall(coroutine.wrap(function() error({ 1 }) end)) == false) -- expect: true
print(pcall(function() coroutine.wrap(function() error("inner") end)() end)) -- expect: false	failing.lua:7: failing.lua:7: inner
print(pcall(function() local w = coroutine.wrap(function() end) w() w() end)) -- expect: false	failing.lua:8: cannot resume dead coroutine
print(pcall(coroutine.yield, 1)) -- expect: false	attempt to yield from outside a coroutine
print(pcall(coroutine.resume, 1)) -- expect: false	bad argument #1 to 'coroutine.resume' (thread expected, got number)
print(pcall(coroutine.create, 1)) -- expect: false	bad argument #1 to 'coroutine.create' (function expected, got number)
print(pcall(coroutine.wrap)) -- expect: false	bad argument #1 to 'coroutine.wrap' (function expected, got no value)
print(pcall(coroutine.status)) -- expect: false	bad argument #1 to 'coroutine.status' (thread expected, got no value)
print(pcall(coroutine.close, coroutine.running())) -- expect: false	cannot close a running coroutine
local co = coroutine.create(function() return coroutine.resume(coroutine.running()) end)
print(coroutine.resume(co)) -- expect: true	false	cannot resume non-suspended coroutine
print(xpcall(coroutine.wrap(function() error("x", 0) end), function(m) return "handled " .. m end)) -- expect: false	handled x
-- What is not yieldable.
print(coroutine.resume(coroutine.create(function() table.sort({ 3, 2, 1 }, function() coroutine.yield() end) end))) -- expect: false	attempt to yield across a C-call boundary
print(coroutine.wrap(function() local can table.sort({ 2, 1 }, function() can = coroutine.isyieldable() return false end) return can end)()) -- expect: false
print(coroutine.wrap(function() return xpcall(error, function() return pcall(coroutine.yield) end) end)()) -- expect: false	false
-- Closing.
local log = {}
local function closing(name, message)
  return setmetatable({}, { __close = function(_, e) log[#log + 1] = name .. ":" .. tostring(e) if message then error(message, 0) end end })
end
local function logged(...) log[#log + 1] = "|" local text = table.concat(log, " ") log = {} return text, ... end
co = coroutine.create(function() local a <close> = closing("a") do local b <close> = closing("b") coroutine.yield(1) end end)
print(coroutine.resume(co)) -- expect: true	1
print(logged(coroutine.close(co))) -- expect: b:nil a:nil |	true
print(coroutine.status(co), coroutine.close(co)) -- expect: dead	true
co = coroutine.wrap(function() local a <close> = closing("a") local b <close> = closing("b", "second") error("first", 0) end)
print(pcall(co)) -- expect: false	second
print(logged(pcall(co))) -- expect: b:first a:second |	false	cannot resume dead coroutine
co = coroutine.create(function() local a <close> = closing("a") error("x", 0) end)
print(coroutine.resume(co)) -- expect: false	x
print(coroutine.status(co), logged(coroutine.close(co))) -- expect: dead	a:x |	false	x
print(coroutine.close(co)) -- expect: true
co = coroutine.create(function() local a <close> = closing("a") local b <close> = closing("b", "broken") local c <close> = closing("c") pcall(coroutine.yield) end)
coroutine.resume(co)
print(logged(coroutine.close(co))) -- expect: c:nil b:nil a:broken |	false	broken
print(coroutine.close(coroutine.create(print))) -- expect: true
co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() coroutine.yield() end }) coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co)) -- expect: false	attempt to yield across a C-call boundary
co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() log[1] = coroutine.status(co) end }) coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co), logged()) -- expect: true	running |
-- A closed coroutine's variables live on in closures.
local get
co = coroutine.create(function() local v = 42 get = function() return v end coroutine.yield() end)
coroutine.resume(co)
coroutine.close(co)
print(get()) -- expect: 42
-- Closed by a wrap that is dropped from a loop.
for v in coroutine.wrap(function() local c <close> = closing("never") for i = 1, 3 do coroutine.yield(i) end end) do if v == 2 then break end end
print(logged()) -- expect: |
-- Nesting is limited, whatever resumes.
local depth, first, at = 0, nil, nil
local function nest()
  depth = depth + 1
  local ok, message = coroutine.resume(coroutine.create(nest))
  if not ok and not first then first, at = message, depth end
end
nest()
print(at, first) -- expect: 198	C stack overflow
local function wrapped() coroutine.wrap(wrapped)() end
local ok, message = pcall(wrapped)
print(ok, message:sub(-16)) -- expect: false	C stack overflow
co = coroutine.create(function() local function f() return 1 + f() end return pcall(f) end)
local fine, caught, text = coroutine.resume(co)
print(fine, caught, type(text)) -- expect: true	false	string
co = coroutine.create(function() coroutine.yield() end)
