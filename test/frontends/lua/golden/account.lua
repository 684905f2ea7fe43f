local Account = {}
Account.__index = Account

function Account.new(owner, balance)
  return setmetatable({ owner = owner, balance = balance or 0 }, Account)
end

function Account:deposit(amount)
  if amount <= 0 then error("amount must be positive", 2) end
  self.balance = self.balance + amount
  return self
end

local accounts = {}
for i, name in ipairs { "ann", "bob" } do
  accounts[name] = Account.new(name, i * 10):deposit(5)
end

local log <close> = setmetatable({}, { __close = function() print "closed" end })
for name, account in pairs(accounts) do
  if account.balance > 20 then goto continue end
  print(name .. ": " .. account.balance, function() return account end)
  ::continue::
end
