-- Metamethods of all kinds, which make something.
local case = {}
local mt = {}
mt.__index = function(self, key) return key .. '!' end
mt.__newindex = function(self, key, value) rawset(self, key, { value }) end
mt.__add = function(a, b) return setmetatable({ n = 1 }, mt) end
mt.__concat = function(a, b) return 'c' .. tostring(rawget(type(a) == 'table' and a or b, 'n')) end
mt.__eq = function(a, b) return #{ a, b } == 2 end
mt.__lt = function(a, b) return ('a'):rep(41) < ('b'):rep(41) end
mt.__le = mt.__lt
mt.__len = function() return 3 end
mt.__call = function(self, ...) return select('#', self, ...) end
mt.__tostring = function(self) return 'object ' .. tostring(self.n) end
mt.__pairs = function(self) return function(_, i) if not i then return 1, { 1 } end end, self, nil end
mt.__close = function() end
function case.work()
  local a, b = setmetatable({ n = 1 }, mt), setmetatable({ n = 2 }, mt)
  a.x = 5
  local out = { a.missing, rawget(a, 'x')[1], (a + b).n, a .. 'x', 'x' .. a, a .. b, tostring(a == b), tostring(a < b), tostring(a <= b), #a, a(1, 2), tostring(a) }
  for key, value in pairs(a) do out[#out + 1] = key + value[1] end
  print(a, b)
  return table.concat(out, ' ')
end
function case.check()
  assert(getmetatable('').__index == string and setmetatable({}, mt).k == 'k!')
end
return case
