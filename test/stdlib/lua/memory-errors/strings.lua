-- Strings short and long; those that were there before are what they were.
local before, long = 'before', ('long'):rep(20)
local case = {}
function case.work()
  local text = ''
  for i = 1, 12 do text = text .. i .. ',' end
  local pieces = {}
  for word in text:gmatch('[^,]+') do pieces[#pieces + 1] = word end
  local swapped = text:gsub('(%d)(%d)', '%2%1'):gsub(',', { [','] = ';' }):gsub('1', function(digit) return '<' .. digit .. '>' end)
  local parts = table.concat({ text:upper(), text:reverse(), text:sub(3, 40), text:rep(3, '|'), tostring(12.5), 7 // 2 .. '' }, '/')
  return #parts .. swapped .. #pieces .. ('%5d|%-9s|%q'):format(42, 'left', 'a\nb') .. utf8.char(228, 8364, 128512)
end
function case.check()
  assert(before == 'be' .. 'fore' and long == ('longlong'):rep(10) and ({ before = 1 })['bef' .. 'ore'] == 1)
end
return case
