-- Hooks: lines, calls and returns, counts; of one thread; what they may do.
local lines = {}
local here = debug.getinfo(1, "l").currentline
local function traced()
  local sum = 0
  for i = 1, 2 do
    sum = sum + i
  end
  return sum
end
debug.sethook(function(event, line) lines[#lines + 1] = line - here end, "l")
traced()
debug.sethook()
print(table.concat(lines, " ")) -- expect: 9 2 3 4 3 4 3 6 10
local calls = {}
local function leaf() return 1 end
local function tail() return leaf() end
debug.sethook(function(event) calls[#calls + 1] = event end, "cr")
tail()
math.abs(1)
debug.sethook()
print(table.concat(calls, ", ")) -- expect: return, call, tail call, return, call, return, call
-- Counts of instructions.
local count = 0
debug.sethook(function(event, line) assert(event == "count" and line == nil) count = count + 1 end, "", 100)
for i = 1, 10000 do end
debug.sethook()
print(count >= 90 and count < 310) -- expect: true
-- What is passed on.
local seen
debug.sethook(function(event)
  local info = debug.getinfo(2, "r")
  local list = {}
  for i = info.ftransfer, info.ftransfer + info.ntransfer - 1 do list[#list + 1] = select(2, debug.getlocal(2, i)) end
  seen = seen or {}
  seen[#seen + 1] = event .. " " .. table.concat(list, ",")
end, "cr")
seen = nil
select(2, "a", "b", "c")
debug.sethook()
print(seen[1], seen[2]) -- expect: call 2,a,b,c	return b,c
-- What is set, and what a thread has of it.
local function hook() end
debug.sethook(hook, "lrc", 7)
local f, mask, n = debug.gethook()
print(f == hook, mask, n) -- expect: true	crl	7
debug.sethook()
print(debug.gethook()) -- expect: nil
local co = coroutine.create(function() local x = 1 coroutine.yield(x) return x + 1 end)
local events = 0
debug.sethook(co, function() events = events + 1 end, "l")
coroutine.resume(co)
print(events > 0, debug.gethook(co) ~= nil, debug.gethook()) -- expect: true	true	nil
-- An error in a hook is one of the function. Nobody yields out of one.
local ok, message = pcall(function()
  debug.sethook(function() debug.sethook() error("from the hook", 0) end, "l")
  local y = 1
end)
debug.sethook(nil)
print(ok, message) -- expect: false	from the hook
local yielded
co = coroutine.wrap(function()
  debug.sethook(function() yielded = pcall(coroutine.yield) end, "l")
  local x = 1
  debug.sethook()
  return "done"
end)
print(co(), yielded) -- expect: done	false
local name, kind
debug.sethook(function() local info = debug.getinfo(1, "n") name, kind = info.name, info.namewhat end, "l")
local x = 1
debug.sethook()
print(name, kind) -- expect: ?	hook
