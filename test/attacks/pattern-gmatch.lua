-- Expected: limit instructions
-- string.gmatch whose backtracking does not end.
for _ in (('a'):rep(1e5)):gmatch('(a+)%1b') do end
