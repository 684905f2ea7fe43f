-- To-be-closed variables are closed in reverse order on every way out of their block.
local function c(name) return setmetatable({}, {__close = function(_, e) print("close " .. name, e) end}) end
do local x <close> = c "x"; local y <close> = c "y"; print "in block" end
local function f() local x <close> = c "f"; return "result of f" end
print(f())
for i = 1, 2 do local x <close> = c("loop " .. i); if i == 2 then break end end
do local x <close> = nil; local y <close> = false; print "nil and false are ignored" end
print(pcall(function() local x <close> = c "error"; error("message", 0) end))
do
  local n = 0
  ::again::
  do local x <close> = c("goto " .. n); n = n + 1; if n < 2 then goto again end end
end
local function g() local x <close> = c "tail"; return print("not a tail call") end
g()
print(pcall(function() local x <close> = 42 end))
print(pcall(function() local bad <close> = {} end))
while true do local x <close> = c "while"; break end
repeat local x <close> = c "repeat"; local done = true until done
local function multi() local x <close> = c "multi"; return 1, 2, 3 end
print(multi())
do local a <const>, b <close>, d = 1, c "middle", 3; print(a, d) end
local function captured() local x <close> = c "captured"; return function() return x end end
print(type(captured()()))
do
  local x <close> = setmetatable({}, {__close = function() print "closing"; end})
  local function use() return x end
  print(use() == x)
end
print(pcall(function()
  local x <close> = setmetatable({}, {__close = function(_, e) error("second: " .. e, 0) end})
  error("first", 0)
end))
local x <close> = c "main chunk"
print "end"
-- expect: in block
-- expect: close y	nil
-- expect: close x	nil
-- expect: close f	nil
-- expect: result of f
-- expect: close loop 1	nil
-- expect: close loop 2	nil
-- expect: nil and false are ignored
-- expect: close error	message
-- expect: false	message
-- expect: close goto 0	nil
-- expect: close goto 1	nil
-- expect: not a tail call
-- expect: close tail	nil
-- expect: false	close.lua:16: variable 'x' got a non-closable value
-- expect: false	close.lua:17: variable 'bad' got a non-closable value
-- expect: close while	nil
-- expect: close repeat	nil
-- expect: close multi	nil
-- expect: 1	2	3
-- expect: 1	3
-- expect: close middle	nil
-- expect: close captured	nil
-- expect: table
-- expect: true
-- expect: closing
-- expect: false	second: first
-- expect: end
-- expect: close main chunk	nil
