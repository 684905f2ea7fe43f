-- Leaving a block by break, goto or return closes its variables.
local fs = {}
for i = 1, 5 do
  local v = i * i
  fs[#fs + 1] = function() v = v + 1; return v end
  if i == 3 then break end
end
print(#fs, fs[1](), fs[2](), fs[3](), fs[3]()) -- expect: 3	2	5	10	11
local gs = {}
do
  local n = 0
  ::again::
  local x = n
  gs[#gs + 1] = function() x = x + 1; return x end
  n = n + 1
  if n < 3 then goto again end
end
print(gs[1](), gs[1](), gs[2](), gs[3]()) -- expect: 1	2	2	3
local hs = {}
for k, v in pairs {a = 1} do
  hs[1] = function() return k, v end
  if v == 1 then break end
end
print(hs[1]()) -- expect: a	1
for _, v in ipairs {1, 2, 3} do
  hs[v] = function() v = v * 2; return v end
  if v == 2 then goto continue end
  hs[v]()
  ::continue::
end
print(hs[1](), hs[2](), hs[3]()) -- expect: 4	4	12
local function early() for i = 1, 10 do local f = function() return i end; if i == 4 then return f end end end
print(early()()) -- expect: 4
local ws = {}
local i = 1
while true do
  local j = i
  ws[i] = function() return j end
  i = i + 1
  if i > 3 then break end
end
print(ws[1](), ws[2](), ws[3]()) -- expect: 1	2	3
repeat local z = 7; ws[1] = function() return z end until ws[1]() == 7
print(ws[1]()) -- expect: 7
