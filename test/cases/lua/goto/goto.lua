-- goto: forward, backward, out of loops, continue, nested functions.
do local i = 1
::top:: if i <= 3 then io.write(i, " "); i = i + 1; goto top end
print() end -- expect: 1 2 3
for i = 1, 5 do
  if i % 2 == 0 then goto continue end
  io.write(i, " ")
  ::continue::
end
print() -- expect: 1 3 5
for i = 1, 3 do for j = 1, 3 do if i * j == 4 then goto out end io.write(i * j, " ") end end
::out:: print("out") -- expect: 1 2 3 2 out
goto skip
print("skipped")
::skip::
do goto inner; local x; ::inner:: end
do
  local k = 0
  ::a:: k = k + 1
  if k == 1 then goto a elseif k == 2 then goto b else goto c end
  ::b:: io.write "b "
  goto a
  ::c:: print("c", k) -- expect: b c	3
end
local function f(n)
  ::start::
  if n > 0 then n = n - 1; goto start end
  return n
end
print(f(10)) -- expect: 0
do ::l1:: end
do ::l1:: print("same name in another block") end -- expect: same name in another block
local function g() goto done; do ::done2:: end ::done:: return "done" end
print(g()) -- expect: done
while true do goto leave end ::leave::
print("end") -- expect: end
