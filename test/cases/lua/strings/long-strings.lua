-- Long strings: levels, the first line end, no escapes.
print([[one]], [==[two]]]==], [=[]]]=])
print([[
first line end is dropped]])
print([[a\nb]], #[[\0]])
print([[two
lines]])
print(#[[

]])
--[[ a comment
over lines ]] print("after a long comment")
--[==[ another ]] ]==] print("after a comment of level 2")
---[[ not a long comment
print("short comment before")
--]]
print([[a]]..[[b]], #[=[
[[x]]]=])
-- expect: one	two]]	]]
-- expect: first line end is dropped
-- expect: a\nb	2
-- expect: two
-- expect: lines
-- expect: 1
-- expect: after a long comment
-- expect: after a comment of level 2
-- expect: short comment before
-- expect: ab	5
