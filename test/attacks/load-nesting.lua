-- Hostile: text that is nested too deep for a compiler, over and over.
-- Expected: limit instructions
while true do
  assert(not load(("("):rep(50000)))
  assert(not load(("{"):rep(50000)))
  assert(not load(("do "):rep(5000)))
  assert(not load("return " .. ("not "):rep(5000)))
end
