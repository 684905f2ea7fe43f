-- Patterns: classes, sets, repetitions, captures, anchors, balance, frontiers, and what is wrong with them.
print(("hello world"):find("o w"), ("hello"):find("l+"), ("a.b"):find(".", 2, true), ("abc"):find("", 10)) -- expect: 5	3	2	nil
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("abc"):match("()b()")) -- expect: key	2	3
print(("THE (quick) fox"):find("%((%a+)%)"), ("f(a(b)c)"):match("%b()"), ("THE fox"):find("%f[%l]%l+")) -- expect: 5	(a(b)c)	5	7
print(("hello world"):gsub("o", "0"), ("abc"):gsub("%w", "%0%0", 2), ("abc"):gsub("", "-")) -- expect: hell0 w0rld	aabbc	-a-b-c-	4
print(("$x $y"):gsub("%$(%w+)", { x = 1, y = false }), ("abc"):gsub("b", function(c) return c:upper() end)) -- expect: 1 $y	aBc	1
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do print(k, v) end
-- expect: a	1
-- expect: b	2
print(pcall(string.find, "a", "[a")) -- expect: false	malformed pattern (missing ']')
print(pcall(string.find, "a", "%")) -- expect: false	malformed pattern (ends with '%')
print(pcall(string.match, "a", "%1")) -- expect: false	invalid capture index %1
print(pcall(string.match, "a", "(a")) -- expect: false	unfinished capture
print(pcall(string.match, "a", "a)")) -- expect: false	invalid pattern capture
print(pcall(string.match, "a", "%f")) -- expect: false	missing '[' after '%f' in pattern
print(pcall(string.gsub, "a", "a", "%x")) -- expect: false	invalid use of '%' in replacement string
print(pcall(string.gsub, "a", "a", { a = true })) -- expect: false	invalid replacement value (a boolean)
print(pcall(string.match, ("x"):rep(300), (".?"):rep(200))) -- expect: false	pattern too complex
