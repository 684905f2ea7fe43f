#!/usr/bin/env lua
-- The first line is skipped; comments and semicolons may stand anywhere.
;;; print "a"; ; print "b" -- trailing
-- expect: a
-- expect: b
--[[ block ]] print "c" --[==[ x ]] ]==] print "d"
-- expect: c
-- expect: d
print("e" --[[ inside ]] .. "f")
-- expect: ef
local t = {1, --[[one]] 2; 3 -- three
}
print(#t) -- expect: 3
do ; end
--
--[ not a block comment
--[=[
still a comment
]]
]=]
local a <const> --[[c]] , b = 1, 2; print(a, b)
-- expect: 1	2
return
