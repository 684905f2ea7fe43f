-- Comparisons of numbers, strings and mixed operands, as values and in conditions.
print(1 < 2, 2 <= 2, 1 > 2, 2 >= 3, 1 == 1.0, 1 ~= 1.5, "a" ~= "b") -- expect: true	true	false	false	true	true	true
print(1 < 1.5, 2^53 == 2^53 + 1, 9007199254740993 < 9007199254740992.0, 9007199254740993 == 9007199254740992.0) -- expect: true	true	false	false
print(9223372036854775807 < 9223372036854775808.0, 9223372036854775807 == 9223372036854775808.0) -- expect: true	false
print(-9223372036854775808 <= -9223372036854775808.0, 1 < 1/0, -1/0 < -9223372036854775808) -- expect: true	true	true
local nan = 0/0
print(nan == nan, nan ~= nan, nan < 1, nan >= 1, 1 < nan, not (nan <= nan)) -- expect: false	true	false	false	false	true
local x = 5
print(x < 10, x <= 5, x > 4, x >= 6, 10 > x, 5 >= x, 4 < x, 6 <= x) -- expect: true	true	true	false	true	true	true	false
print(x < 1000, x > -1000, 1000 < x, x <= 5.0, x < 5.5, 4.5 < x, x == 5, x ~= 5, 5 == x) -- expect: true	true	false	true	true	true	true	false	true
if x < 10 then io.write "a" end if x > 10 then io.write "b" end if not (x < 10) then io.write "c" end if x >= 5 and x <= 5 then io.write "d" end
print() -- expect: ad
print("10" == 10, 0 == false, nil == false, {} == {}, print == print) -- expect: false	false	false	false	true
local t = {}
print(t == t, t ~= {}, t == nil, nil == nil) -- expect: true	true	false	true
print(x == nil, x ~= nil, x == "5", x == true) -- expect: false	true	false	false
print(pcall(function() return 1 < "2" end)) -- expect: false	order-and-equality.lua:17: attempt to compare number with string
print(pcall(function() return {} < {} end)) -- expect: false	order-and-equality.lua:18: attempt to compare two table values
print(pcall(function() return nil < 1 end)) -- expect: false	order-and-equality.lua:19: attempt to compare nil with number
print(pcall(function() return "a" < 1 end)) -- expect: false	order-and-equality.lua:20: attempt to compare string with number
print(pcall(function() return x < nil end)) -- expect: false	order-and-equality.lua:21: attempt to compare number with nil
print(pcall(function() return nil > 5 end)) -- expect: false	order-and-equality.lua:22: attempt to compare number with nil
print(pcall(function() return {} <= print end)) -- expect: false	order-and-equality.lua:23: attempt to compare table with function
print(math.type(3) == "integer", math.type(3.0) == "float") -- expect: true	true
local v = x > 3 and x < 10
print(v, not v, x == 5 == true) -- expect: true	false	true
