-- Hostile: a loop without end that allocates nothing, calls nothing and waits for nothing.
-- Expected: limit instructions
while true do
end
