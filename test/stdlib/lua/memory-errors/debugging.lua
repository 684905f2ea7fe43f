-- What debug tells, and hooks.
local case, calls = {}, 0
function case.work()
  local names = {}
  debug.sethook(function(event, line) calls = calls + 1 names[#names + 1] = event .. tostring(line) end, 'l')
  local function inner(a, ...)
    local info = debug.getinfo(1, 'nSltu')
    local name, value = debug.getlocal(1, 1)
    return info.name .. info.short_src .. name .. value .. #debug.traceback('m', 1) .. tostring(debug.getinfo(print).what)
  end
  local text = inner('x', 1, 2)
  debug.sethook()
  local co = coroutine.create(function() local y = 1 coroutine.yield(y) end)
  coroutine.resume(co)
  return text .. tostring(debug.getlocal(co, 1, 1)) .. #debug.traceback(co) .. debug.getupvalue(case.work, 1)
end
function case.check()
  debug.sethook()
  assert(debug.gethook() == nil)
end
return case
