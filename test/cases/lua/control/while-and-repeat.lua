-- Loops with conditions, break, and locals in the condition of repeat.
local i = 0
while i < 3 do i = i + 1 end
print(i) -- expect: 3
while true do i = i + 1; if i > 10 then break end end
print(i) -- expect: 11
repeat i = i - 1 until i < 5
print(i) -- expect: 4
repeat local j = i * 2; i = i + 1 until j > 10
print(i) -- expect: 7
while false do print "never" end
repeat print "once" until true -- expect: once
local n = 0
while n < 10 do
  n = n + 1
  if n % 2 == 0 then goto continue end
  if n > 7 then break end
  io.write(n, " ")
  ::continue::
end
print(n) -- expect: 1 3 5 7 9
local k = 0
repeat
  k = k + 1
  local stop = k == 3
  if k == 100 then break end
until stop
print(k) -- expect: 3
while i do if i > 20 then i = nil else i = i + 5 end end
print(i) -- expect: nil
