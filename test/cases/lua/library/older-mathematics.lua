-- Functions of Lua 5.2 that lua5.4 still has.
print(math.cosh(1), math.sinh(1), math.tanh(0.5)) -- expect: 1.5430806348152	1.1752011936438	0.46211715726001
print(math.log10(1000), math.log10(0), math.pow(2, 10), math.pow("2", 0.5)) -- expect: 3.0	-inf	1024.0	1.4142135623731
print(math.frexp(8)) -- expect: 0.5	4
print(math.frexp(-0.3)) -- expect: -0.6	-1
print(math.frexp(5e-324)) -- expect: 0.5	-1073
print(math.frexp(0)) -- expect: 0.0	0
print(math.frexp(math.huge)) -- expect: inf	0
print(math.ldexp(0.5, 4), math.ldexp(1, -1074), math.ldexp(3, "2"), math.ldexp(1, 5000)) -- expect: 8.0	4.9406564584125e-324	12.0	inf
print(math.ldexp(1, 1 << 32), math.ldexp(1, (1 << 31) + 7)) -- expect: 1.0	0.0
print(pcall(math.ldexp, 1, 0.5)) -- expect: false	bad argument #2 to 'math.ldexp' (number has no integer representation)
print(pcall(math.pow, 1)) -- expect: false	bad argument #2 to 'math.pow' (number expected, got no value)
print(pcall(math.cosh, {})) -- expect: false	bad argument #1 to 'math.cosh' (number expected, got table)
