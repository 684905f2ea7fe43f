-- The utf8 library, strict and lax.
print(utf8.char(72, 228, 8364), utf8.len("häß"), utf8.codepoint("aä", 1, -1)) -- expect: Hä€	3	97	228
print(utf8.len("a\xff"), utf8.len("\u{7FFFFFFF}"), utf8.len("\u{7FFFFFFF}", 1, -1, true)) -- expect: nil	nil	1
print(utf8.offset("aä€x", 3), utf8.offset("aä€x", -2), utf8.offset("aä", 5)) -- expect: 4	4	nil
for position, code in utf8.codes("aä") do print(position, code) end
-- expect: 1	97
-- expect: 2	228
print(pcall(utf8.codepoint, "\xff")) -- expect: false	invalid UTF-8 code
print(pcall(utf8.offset, "ä", 1, 2)) -- expect: false	initial position is a continuation byte
