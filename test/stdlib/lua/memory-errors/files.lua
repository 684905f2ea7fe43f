-- Files of the overlay: what a call said it has written is there.
local case, written = {}, nil
function case.work()
  written = 0
  local out = assert(io.open('part.txt', 'w'))
  for i = 1, 8 do
    local ok, problem = out:write('line ', i, '\n')
    if not ok then error(problem, 0) end
    written = i
  end
  out:close()
  local sum = 0
  for line in io.lines('part.txt') do sum = sum + #line end
  local file <close> = assert(io.open('part.txt', 'a+'))
  file:write('more\n')
  file:seek('set', 0)
  local first, rest = file:read('l', 'a')
  return sum .. first .. #rest
end
function case.check()
  local file = io.open('part.txt')
  if file == nil then return assert((written or 0) == 0) end
  local text = file:read('a')
  file:close()
  for i = 1, written do assert(text:find('line ' .. i .. '\n', 1, true)) end
end
return case
