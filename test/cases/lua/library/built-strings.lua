-- Strings that are built, and then found to be there already: what was built is given back.
print(#("x"):rep(0)) -- expect: 0
local abc = "abc"
print(("abc"):rep(1) == abc, ("cba"):reverse() == abc, ("ABC"):lower() == abc) -- expect: true	true	true
print(table.concat({ "a", "b", "c" }) == abc, ("xabcx"):sub(2, 4) == abc) -- expect: true	true
