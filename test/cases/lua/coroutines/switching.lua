-- Values that pass between coroutines, their states, wrap, generators, nesting.
local co = coroutine.create(function(a, b)
  local c = coroutine.yield(a + b)
  local d, e = coroutine.yield(c * 2, "more")
  return d + e, "end"
end)
print(coroutine.status(co)) -- expect: suspended
print(coroutine.resume(co, 1, 2)) -- expect: true	3
print(coroutine.status(co)) -- expect: suspended
print(coroutine.resume(co, 10)) -- expect: true	20	more
print(coroutine.resume(co, 3, 4)) -- expect: true	7	end
print(coroutine.status(co)) -- expect: dead
print(coroutine.resume(co)) -- expect: false	cannot resume dead coroutine
print(select("#", coroutine.resume(coroutine.create(function() end)))) -- expect: 1
print(select("#", coroutine.resume(coroutine.create(function() coroutine.yield() end)))) -- expect: 1
local sum = 0
for value in coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end) do sum = sum + value end
print(sum) -- expect: 55
-- Nested: the outer one is normal while the inner one runs.
local outer
outer = coroutine.create(function()
  local inner = coroutine.create(function() return coroutine.status(outer), coroutine.resume(outer) end)
  return coroutine.resume(inner)
end)
print(coroutine.resume(outer)) -- expect: true	true	normal	false	cannot resume non-suspended coroutine
print(coroutine.resume(coroutine.running())) -- expect: false	cannot resume non-suspended coroutine
local same, isMain = coroutine.running()
print(type(same), isMain, coroutine.isyieldable()) -- expect: thread	true	false
print(coroutine.wrap(function() local t, m = coroutine.running() return type(t), m, coroutine.isyieldable() end)()) -- expect: thread	false	true
print(coroutine.isyieldable(coroutine.create(print)), coroutine.isyieldable(same)) -- expect: true	false
-- Permutations by a recursive generator.
local function permute(list, n)
  if n == 0 then coroutine.yield(table.concat(list)) return end
  for i = 1, n do
    list[i], list[n] = list[n], list[i]
    permute(list, n - 1)
    list[i], list[n] = list[n], list[i]
  end
end
local all = {}
for text in coroutine.wrap(function() permute({ "a", "b", "c" }, 3) end) do all[#all + 1] = text end
print(table.concat(all, " ")) -- expect: bca cba cab acb bac abc
-- Library functions as bodies.
print(coroutine.resume(coroutine.create(math.max), 3, 9, 4)) -- expect: true	9
print(coroutine.wrap(pcall)(function(...) return select("#", ...) end, nil, nil)) -- expect: true	2
co = coroutine.wrap(coroutine.yield)
print(co(1, 2)) -- expect: 1	2
print(co(3, 4)) -- expect: 3	4
-- Many values, and deep frames inside.
print(select("#", coroutine.wrap(function(...) return coroutine.yield(...) end)(table.unpack({}, 1, 3000)))) -- expect: 3000
local function deep(n) if n == 0 then return coroutine.yield("deep") end return 1 + deep(n - 1) end
co = coroutine.wrap(function() return deep(2000) end)
print(co()) -- expect: deep
print(co(7)) -- expect: 2007
-- Upvalues are shared while they are open and afterwards.
local function counter()
  local n = 0
  local function add() n = n + 1 return n end
  coroutine.yield(add)
  n = n + 10
  coroutine.yield()
  return n
end
co = coroutine.wrap(counter)
local add = co()
print(add(), add()) -- expect: 1	2
co()
print(add()) -- expect: 13
print(co(), add()) -- expect: 13	14
-- yield through protected calls, metamethods, iterators and closing.
co = coroutine.wrap(function() return pcall(pcall, pcall, function() return coroutine.yield("in pcall") end) end)
print(co()) -- expect: in pcall
print(co("out")) -- expect: true	true	true	out
co = coroutine.wrap(function() return xpcall(function() coroutine.yield(1) error("e", 0) end, function(m) return m .. "!" end) end)
print(co()) -- expect: 1
print(co()) -- expect: false	e!
local mt = {}
for _, event in ipairs { "add", "concat", "unm", "len", "index", "call", "eq", "lt", "le" } do
  mt["__" .. event] = function() return coroutine.yield(event) end
end
local t, u = setmetatable({}, mt), setmetatable({}, mt)
co = coroutine.wrap(function() return t + 1, t .. "x", -t, #t, t.field, t(1), t == u, t < u, t <= u end)
local seen, answer = {}, co()
while type(answer) == "string" do seen[#seen + 1] = answer answer = co(#seen) end
print(table.concat(seen, " "), answer) -- expect: add concat unm len index call eq lt le	1
mt.__newindex = function(_, k, v) coroutine.yield(k .. v) end
co = coroutine.wrap(function() t.a = "b" return "set" end)
print(co(), co()) -- expect: ab	set
co = coroutine.wrap(function() for i in function(_, i) return coroutine.yield(i) end do if i == 3 then return "three" end end end)
print(co(), co(1), co(3)) -- expect: nil	1	three
co = coroutine.wrap(function() for k in pairs(setmetatable({}, { __pairs = function() coroutine.yield("pairs") return next, { x = 1 } end })) do return k end end)
print(co(), co()) -- expect: pairs	x
co = coroutine.wrap(function() do local c <close> = setmetatable({}, { __close = function() coroutine.yield("closing") end }) end return "closed" end)
print(co(), co()) -- expect: closing	closed
