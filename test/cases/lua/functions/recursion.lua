-- Recursion, mutual recursion and tail calls of any depth.
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print(fib(20)) -- expect: 6765
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(even(10001), odd(10001)) -- expect: false	true
local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
print(loop(100000, 0)) -- expect: 5000050000
local function ackermann(m, n)
  if m == 0 then return n + 1 end
  if n == 0 then return ackermann(m - 1, 1) end
  return ackermann(m - 1, ackermann(m, n - 1))
end
print(ackermann(2, 3)) -- expect: 9
local t = {}
function t.fact(n) return n <= 1 and 1 or n * t.fact(n - 1) end
print(t.fact(20), t.fact(21)) -- expect: 2432902008176640000	-4249290049419214848
function t:count(n) if n == 0 then return "counted" end return self:count(n - 1) end
print(t:count(50000)) -- expect: counted
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
print(depth(5000)) -- expect: 5000
print((function(f) return f(f, 5) end)(function(self, n) return n == 0 and 1 or n * self(self, n - 1) end)) -- expect: 120
