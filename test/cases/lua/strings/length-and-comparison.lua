-- Length and order of strings are by bytes.
print(#"", #"abc", #"\0a", #"é") -- expect: 0	3	2	2
print("a" < "b", "a" < "B", "" < "a", "a" < "aa", "b" > "aa") -- expect: true	false	true	true	true
print("a\0b" < "a\0c", "a\0" > "a", "Z" < "a", "10" < "9") -- expect: true	true	true	true
print("abc" == "abc", "abc" ~= "abd", "1" == 1, "" == "") -- expect: true	true	false	true
local x = "con"
print(x .. "cat" == "concat", x == "con", "x" <= "x", "x" >= "y") -- expect: true	true	true	false
