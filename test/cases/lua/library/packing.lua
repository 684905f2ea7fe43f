-- string.pack, packsize and unpack.
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
print(hex(string.pack("<i4 >i4 <I2 b", 1, -2, 513, -1)), hex(string.pack("!4 b i4", 1, 2)), hex(string.pack("z s1", "a", "bc"))) -- expect: 01000000fffffffe0102ff	0100000002000000	6100026263
print(string.unpack("<i4 z s1", string.pack("<i4 z s1", -5, "ab", "cde"))) -- expect: -5	ab	cde	12
print(string.unpack("<d f n", string.pack("<d f n", 0.1, 0.5, -3))) -- expect: 0.1	0.5	-3.0	21
print(string.packsize("!8 b i8 c3"), #string.pack("c5000", "x"), #string.pack("s4", ("x"):rep(9000))) -- expect: 19	5000	9004
print(pcall(string.pack, "i1", 200)) -- expect: false	bad argument #2 to 'string.pack' (integer overflow)
print(pcall(string.pack, "i17", 1)) -- expect: false	integral size (17) out of limits [1,16]
print(pcall(string.unpack, "i4", "abc")) -- expect: false	bad argument #2 to 'string.unpack' (data string too short)
print(pcall(string.unpack, "<i9", ("\255"):rep(8) .. "\1")) -- expect: false	9-byte integer does not fit into Lua Integer
