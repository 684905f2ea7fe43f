-- The fourth value of a generic for is closed however the loop ends.
local function closer(name) return setmetatable({}, {__close = function(_, e) print("closed " .. name, e) end}) end
local function iterate(s, c) if c < 3 then return c + 1 end end
for i in iterate, nil, 0, closer "end" do io.write(i, " ") end
for i in iterate, nil, 0, closer "break" do io.write(i, " "); if i == 2 then break end end
local function values(name) return iterate, nil, 0, closer(name) end
for i in values "call" do io.write(i, " ") end
local function three() return nil, 0, closer "three values of a call" end
for i in iterate, three() do io.write(i, " ") end
local function two() return 0, closer "two values of a call" end
for i in iterate, nil, two() do io.write(i, " ") end
for i in iterate, nil, (two()) do io.write(i, " ") end
print("parentheses cut")
for i in iterate, nil, false or two() do io.write(i, " ") end
print("or cuts")
for i in iterate, nil, 0, closer "fifth is dropped", closer "never" do io.write(i, " ") end
for i in iterate, nil, 0, (closer "parenthesised fourth") do io.write(i, " ") end
local function fourth() return closer "fourth is a call", 1, 2 end
for i in iterate, nil, 0, fourth() do io.write(i, " ") end
local function leave() for i in values "return" do if i == 2 then return "left at " .. i end end end
print(leave())
print(pcall(function() for i in values "error" do error("oops " .. i, 0) end end))
for i in values "goto" do if i == 1 then goto out end end
::out:: print("out")
for i in values "outer" do for j in values "inner" do if j == 1 then break end end end
local fs = {}
for i in values "captured" do fs[i] = function() i = i + 10; return i end end
print(fs[1](), fs[1](), fs[2](), fs[3]())
local function varargs(...) for i in ... do io.write(i, " ") end end
varargs(values "varargs")
local function threevarargs(...) for i in iterate, nil, ... do io.write(i, " ") end end
threevarargs(0, closer "two varargs")
for i in iterate, nil, 0, nil do io.write(i, " ") end
for i in iterate, nil, 0, false do io.write(i, " ") end
print()
print(pcall(function() for i in iterate, nil, 0, 5 do end end))
local function nottail() for i in values "after the call" do return print("in the body") end end
nottail()
for i in values "continue" do if i ~= 2 then goto continue end io.write(i, " ") ::continue:: end
while true do for i in values "break in while" do if i == 2 then break end end break end
repeat local n = 0; for i in values "in repeat" do n = n + i end until n == 6
-- expect: 1 2 3 closed end	nil
-- expect: 1 2 closed break	nil
-- expect: 1 2 3 closed call	nil
-- expect: 1 2 3 closed three values of a call	nil
-- expect: 1 2 3 closed two values of a call	nil
-- expect: 1 2 3 parentheses cut
-- expect: 1 2 3 or cuts
-- expect: 1 2 3 closed fifth is dropped	nil
-- expect: 1 2 3 closed parenthesised fourth	nil
-- expect: 1 2 3 closed fourth is a call	nil
-- expect: closed return	nil
-- expect: left at 2
-- expect: closed error	oops 1
-- expect: false	oops 1
-- expect: closed goto	nil
-- expect: out
-- expect: closed inner	nil
-- expect: closed inner	nil
-- expect: closed inner	nil
-- expect: closed outer	nil
-- expect: closed captured	nil
-- expect: 11	21	12	13
-- expect: 1 2 3 closed varargs	nil
-- expect: 1 2 3 closed two varargs	nil
-- expect: 1 2 3 1 2 3
-- expect: false	closing-value.lua:36: variable '(for state)' got a non-closable value
-- expect: in the body
-- expect: closed after the call	nil
-- expect: 2 closed continue	nil
-- expect: closed break in while	nil
-- expect: closed in repeat	nil
