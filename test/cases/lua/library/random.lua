-- The numbers are those of lua5.4 from the same seed: whole integers, intervals of all sizes, fractions.
math.randomseed(42)
print(math.random(0), math.random(10), math.random()) -- expect: -1276290044721465627	2	0.54688311243421
print(math.random(-5, 1 << 40), math.random(math.mininteger, math.maxinteger)) -- expect: 870823234106	8557396579841723654
