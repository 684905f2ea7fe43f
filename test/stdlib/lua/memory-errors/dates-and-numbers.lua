-- Texts of numbers and dates.
local case = {}
function case.work()
  local date = os.date('!*t', 86400)
  local texts = { os.date('!%Y-%m-%d %H:%M:%S', 0), os.time(date), ('%.14g %a %5.1f %x %c %i %s'):format(0.1, 1.5, 2.25, 255, 65, -3, {} ~= nil) }
  for _, code in utf8.codes('aé€😀') do texts[#texts + 1] = code end
  texts[#texts + 1] = utf8.codepoint('é', 1)
  texts[#texts + 1] = tostring(tonumber('0x1p4')) .. tonumber('zz', 36) .. math.tointeger('8') .. 1e100 .. 2^53
  warn('@off')
  warn('a ', 'b')
  return table.concat(texts, ' ')
end
function case.check()
  assert(tostring(1e15) == '1e+15' and 10 // 3 .. '' == '3')
end
return case
