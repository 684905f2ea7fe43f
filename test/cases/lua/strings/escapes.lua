-- Escape sequences of quoted strings.
print("a\tb", 'a\'b', "a\"b", "a\\b")
print("\65\066", #"\0067", "\x41\x4a", "\u{41}\u{e9}\u{20ac}\u{1F600}")
print(#"\0\0", #"a\z
      b", "a\z   b")
print("line\
next")
print(#"\u{7FFFFFFF}", #"\u{10FFFF}", #"\u{7F}", #"\u{80}", #"\u{7FF}", #"\u{800}", #"\u{FFFF}", #"\u{10000}")
print("\a\b\f\n\r\t\v" == "\7\8\12\10\13\9\11")
print('\z', "\z

end")
print(#"\255", "\x7e", "\126")
-- expect: a	b	a'b	a"b	a\b
-- expect: AB	2	AJ	Aé€😀
-- expect: 2	2	ab
-- expect: line
-- expect: next
-- expect: 6	4	1	2	2	3	3	4
-- expect: true
-- expect: 	end
-- expect: 1	~	~
