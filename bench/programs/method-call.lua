-- Method calls with inheritance: accounts with a base class.
local Account = {}
Account.__index = Account
function Account.new(balance) return setmetatable({ balance = balance }, Account) end
function Account:deposit(amount) self.balance = self.balance + amount end

local Savings = setmetatable({}, { __index = Account })
Savings.__index = Savings
function Savings.new(balance) return setmetatable({ balance = balance }, Savings) end
function Savings:interest() return self.balance // 100 end

local n = ...
local plain, savings = Account.new(0), Savings.new(1000)
for i = 1, n do
  plain:deposit(i & 7)
  savings:deposit(1)
  plain:deposit(savings:interest() & 1)
end
return plain.balance
