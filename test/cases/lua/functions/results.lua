-- How many values calls give where.
local function none() end
local function one() return 1 end
local function three() return 1, 2, 3 end
print(none(), (none()), one(), (three()), three())
print(three(), 10)
print((three()))
local a, b, c, d = three()
print(a, b, c, d)
a, b, c = none(), three()
print(a, b, c)
a, b = three(), 10
print(a, b)
print(select("#", none()), select("#", (none())), select("#", three(), three()))
local function tail() return three() end
print(tail())
local function paren() return (three()) end
print(paren())
local t = {three(), three()}
print(#t)
print(#{none()}, #{none(), none()})
print(pcall(three))
if none() then print "no" else print "no value is false" end
local function many(n) if n == 0 then return end return n, many(n - 1) end
print(many(5))
print(select(-1, many(5)), select(2, many(3)))
do return print("done", three()) end
-- expect: nil	nil	1	1	1	2	3
-- expect: 1	10
-- expect: 1
-- expect: 1	2	3	nil
-- expect: nil	1	2
-- expect: 1	10
-- expect: 0	1	4
-- expect: 1	2	3
-- expect: 1
-- expect: 4
-- expect: 0	0
-- expect: true	1	2	3
-- expect: no value is false
-- expect: 5	4	3	2	1
-- expect: 1	2	1
-- expect: done	1	2	3
