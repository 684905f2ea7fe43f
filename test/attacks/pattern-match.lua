-- Expected: limit instructions
-- string.match whose backtracking does not end.
return ('a'):rep(40):match(('a?'):rep(40) .. ('a'):rep(40) .. 'b')
