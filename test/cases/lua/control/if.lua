-- Conditions: truth, elseif chains, and, or, not.
local function test(x)
  if x == nil then return "nil" elseif x == false then return "false" elseif x then return "true: " .. tostring(x) else return "?" end
end
print(test(nil), test(false), test(0), test(""), test(true)) -- expect: nil	false	true: 0	true: 	true: true
if nil then print "no" else print "nil is false" end -- expect: nil is false
if 0 then print "0 is true" end -- expect: 0 is true
local a, b = 1, nil
print(a and b, b and a, a or b, b or a, not a, not b) -- expect: nil	nil	1	1	false	true
print(a and 1 or 2, b and 1 or 2, b or false, false or nil, nil or false) -- expect: 1	2	false	nil	false
print(1 and 2 and 3, nil and 1 or 2, false == nil, not nil == true) -- expect: 3	2	false	true
print((a or error "not evaluated"), (b and error "not evaluated")) -- expect: 1	nil
local x = a == 1 and b == nil
print(x, a ~= 1, a == 1 or error()) -- expect: true	false	true
local y = a and b or a
print(y) -- expect: 1
local t = {v = false}
print(t.v or "default", t.v and "never", t.missing and t.missing.x) -- expect: default	false	nil
if a == 1 and (b == nil or b > 5) and not (a > 3) then print "compound" end -- expect: compound
if not (a == 1 and b) then print "negated" end -- expect: negated
local function count(n) if n > 2 then return "many" end if n > 1 then return "two" end return "few" end
print(count(1), count(2), count(3)) -- expect: few	two	many
local z = not (a == 2) and "z" or "nz"
print(z, (not a) == false, not not a) -- expect: z	true	true
a = a and a + 1
print(a) -- expect: 2
b = b or "set"
print(b) -- expect: set
