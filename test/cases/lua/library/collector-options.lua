-- collectgarbage: each option, and what it answers.
collectgarbage("incremental")
print(collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning")) -- expect: true	0	false
local before = collectgarbage("count")
for i = 1, 20000 do local t = {} end
print(collectgarbage("count") - before > 900) -- expect: true
print(collectgarbage("step", 20000), collectgarbage("isrunning")) -- expect: true	false
print(collectgarbage("count") - before < 50) -- expect: true
print(collectgarbage("restart"), collectgarbage("isrunning")) -- expect: 0	true
for i = 1, 20000 do local t = {} end
print(collectgarbage("count") - before < 500) -- expect: true
print(collectgarbage("generational"), collectgarbage("incremental"), collectgarbage("incremental")) -- expect: incremental	generational	incremental
print(collectgarbage("setpause", 160), collectgarbage("setpause", 200)) -- expect: 200	160
print(collectgarbage("setstepmul", 300), collectgarbage("setstepmul", 100)) -- expect: 100	300
print(collectgarbage(), collectgarbage("collect"), math.type(collectgarbage("count"))) -- expect: 0	0	float
print(pcall(collectgarbage, "sweep")) -- expect: false	bad argument #1 to 'collectgarbage' (invalid option 'sweep')
