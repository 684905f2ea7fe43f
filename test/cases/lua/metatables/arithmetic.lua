-- Arithmetic, bitwise and concatenation metamethods get their operands in order, constants too.
local mt = {}
local function name(v) return type(v) == "table" and "T" or tostring(v) end
for _, e in ipairs {"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat"} do
  mt["__" .. e] = function(a, b) return e .. "(" .. name(a) .. "," .. name(b) .. ")" end
end
mt.__unm = function(a, b) return "unm " .. name(a) .. name(b) end
mt.__bnot = function(a) return "bnot " .. name(a) end
mt.__len = function(a) return "len " .. name(a) end
local t = setmetatable({}, mt)
print(t + 1, 1 + t, t - 1, 1 - t, t * 2, 2 * t, t / 2, 2 / t) -- expect: add(T,1)	add(1,T)	sub(T,1)	sub(1,T)	mul(T,2)	mul(2,T)	div(T,2)	div(2,T)
print(t % 3, 3 % t, t ^ 2, 2 ^ t, t // 2, 2 // t) -- expect: mod(T,3)	mod(3,T)	pow(T,2)	pow(2,T)	idiv(T,2)	idiv(2,T)
print(t & 1, 1 & t, t | 1, 1 | t, t ~ 1, 1 ~ t, t << 1, 1 << t, t >> 1, 1 >> t) -- expect: band(T,1)	band(1,T)	bor(T,1)	bor(1,T)	bxor(T,1)	bxor(1,T)	shl(T,1)	shl(1,T)	shr(T,1)	shr(1,T)
print(t .. "s", "s" .. t, 1 .. t, t .. t, "a" .. "b" .. t, t .. "c" .. "d") -- expect: concat(T,s)	concat(s,T)	concat(1,T)	concat(T,T)	aconcat(b,T)	concat(T,cd)
print(-t, ~t, #t) -- expect: unm TT	bnot T	len T
print(t + 1.5, 1.5 + t, t + "x", "x" + t, t + t, t - 1000, 1000 - t, t + -5) -- expect: add(T,1.5)	add(1.5,T)	add(T,x)	add(x,T)	add(T,T)	sub(T,1000)	sub(1000,T)	add(T,-5)
local u = setmetatable({}, {__add = function() return "first operand's" end})
print(u + t, t + u, pcall(function() return u - 1 end)) -- expect: first operand's	add(T,T)	false	arithmetic.lua:18: attempt to perform arithmetic on a table value (upvalue 'u')
local r = setmetatable({}, {__add = function() return 1, 2, 3 end})
print(r + 1, (r + 1)) -- expect: 1	1
