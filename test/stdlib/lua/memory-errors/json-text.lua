-- The library's modules, made when they are first required.
local case = {}
function case.work()
  local json = require 'gazelle.json'
  local text = json.encode(json.list { 1, 2.5, 'text\n', { a = { b = json.null } }, json.list {} })
  local value = json.decode(text, json.null)
  local ok, problem = pcall(json.decode, '[1, 2')
  if problem == 'not enough memory' then error(problem, 0) end
  return text .. value[3] .. problem .. tostring(require 'part' .value)
end
function case.check()
  local json = require 'gazelle.json'
  assert(json.encode { x = 1 } == '{"x":1}' and require 'part' == require 'part')
end
return case
