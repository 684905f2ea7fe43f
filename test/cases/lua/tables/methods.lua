-- Methods: the colon in definitions and calls, chains, inheritance.
local Account = {}
Account.__index = Account
function Account.new(balance) return setmetatable({balance = balance}, Account) end
function Account:deposit(n) self.balance = self.balance + n; return self end
function Account:get() return self.balance end
local a = Account.new(10)
print(a:deposit(5):deposit(7):get()) -- expect: 22
print(Account.get(a), a.get(a), a["get"](a)) -- expect: 22	22	22
local Special = setmetatable({}, {__index = Account})
Special.__index = Special
function Special:get() return "special " .. Account.get(self) end
local s = setmetatable({balance = 1}, Special)
print(s:deposit(1):get()) -- expect: special 2
local t = {a = {b = {}}}
function t.a.b.f(x) return "f" .. x end
function t.a.b:g(x) return self == t.a.b, x end
print(t.a.b.f(1), t.a.b:g(2)) -- expect: f1	true	2
print(("abc"):upper(), ("x"):rep(3), #("abc"):rep(2)) -- expect: ABC	xxx	6
local o = {name = "o", show = function(self, suffix) return self.name .. suffix end}
print(o:show "!", o:show [[?]])
-- expect: o!	o?
print(o:show(".") .. o:show(",")) -- expect: o.o,
