-- Errors while others are handled: the handler is called once at most, and the traceback is one.
local case = {}
function case.work()
  local function fails(value) error(value) end
  local function relay(ok, problem)
    if problem == 'not enough memory' then error(problem, 0) end
    return problem
  end
  local text = relay(pcall(fails, 'text'))
  local object = relay(pcall(fails, { code = 7 }))
  local trace = relay(xpcall(fails, function(m) return debug.traceback('about ' .. tostring(m), 1) end, 'trace'))
  local nested = relay(xpcall(function() local ok, problem = pcall(fails, 'in') error('out of ' .. relay(ok, problem), 0) end, function(m) return { m } end))
  local typed = relay(pcall(function() local t = {} return t.x.y end))
  local again = relay(xpcall(fails, function() error('handler') end, 1))
  return tostring(text) .. tostring(object.code) .. trace .. tostring(nested[1]) .. typed .. type(again)
end
function case.check()
  local ok, problem = pcall(error)
  assert(ok == false and problem == nil)
end
return case
