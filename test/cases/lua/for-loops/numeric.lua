-- The numeric for: bounds, steps, overflow, floats, a copy of the control variable.
local function run(a, b, c)
  local out = {}
  if c then for i = a, b, c do out[#out + 1] = tostring(i) end else for i = a, b do out[#out + 1] = tostring(i) end end
  return "[" .. table.concat(out, " ") .. "]"
end
print(run(1, 3), run(3, 1), run(1, 1), run(3, 1, -1), run(1, 10, 4)) -- expect: [1 2 3]	[]	[1]	[3 2 1]	[1 5 9]
print(run(1.0, 3), run(1, 3.5), run(1, 2, 0.5), run(0.5, 2), run(3, 1.5, -1)) -- expect: [1.0 2.0 3.0]	[1 2 3]	[1.0 1.5 2.0]	[0.5 1.5]	[3 2]
print(run(9223372036854775805, 9223372036854775807)) -- expect: [9223372036854775805 9223372036854775806 9223372036854775807]
print(run(-9223372036854775807, -9223372036854775807 - 1, -1)) -- expect: [-9223372036854775807 -9223372036854775808]
print(run(9223372036854775806, 9223372036854775807, 2)) -- expect: [9223372036854775806]
print(run(1, math.huge, 1 << 62), run(1, -math.huge), run(-1, -math.huge, -(1 << 62))) -- expect: [1 4611686018427387905]	[]	[-1 -4611686018427387905]
print(run(0, 0.3, 0.1), run(1, 0), run(1, 0.9), run(1, 1.1)) -- expect: [0.0 0.1 0.2]	[]	[]	[1]
for i = 1, 3 do local j = i; i = i * 10; io.write(j, ":", i, " ") end
print() -- expect: 1:10 2:20 3:30
local t = {}
for i = 1, 3 do t[i] = i end
for i = #t, 1, -1 do io.write(t[i], " ") end
print() -- expect: 3 2 1
for i = 10, 1 do print "never" end
local n = 0
for i = 1, 100 do n = n + i; if i == 10 then break end end
print(n) -- expect: 55
local calls = 0
local function limit() calls = calls + 1; return 3 end
for i = 1, limit() do end
print(calls) -- expect: 1
print(pcall(function() for i = 1, 10, 0 do end end)) -- expect: false	numeric.lua:28: 'for' step is zero
print(pcall(function() for i = 'a', 10 do end end)) -- expect: false	numeric.lua:29: bad 'for' initial value (number expected, got string)
print(pcall(function() for i = 1, {} do end end)) -- expect: false	numeric.lua:30: bad 'for' limit (number expected, got table)
print(pcall(function() for i = 1, 2, 'x' do end end)) -- expect: false	numeric.lua:31: bad 'for' step (number expected, got string)
for i = -1, -3, -1 do io.write(i, " ") end

print() -- expect: -1 -2 -3
