-- Code that is compiled and decoded while the program runs.
local case = {}
function case.work()
  local f = assert(load('local a, b = ... local function g() return a .. b end return g, { a, b }', '=chunk'))
  local g, list = f('left', 'right')
  local pieces = { 'return ', '...', ' + 1' }
  local h = assert(load(function() return table.remove(pieces, 1) end, '=pieces', 't', {}))
  local k = assert(load(string.dump(function(x) return x * 2, 'text' end), 'binary', 'b'))
  local nothing, message = load('return return', '=wrong')
  if message == 'not enough memory' then error(message, 0) end
  return g() .. list[2] .. h(1) .. k(4) .. message
end
function case.check()
  assert(load == _G.load and type(string.dump(case.check)) == 'string')
end
return case
