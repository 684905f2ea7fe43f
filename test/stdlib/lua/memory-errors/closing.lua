-- Variables that are to be closed are, each once, the last first.
local case, open, order = {}, 0, true
local function resource(number)
  local self = setmetatable({ number = number }, {
    __close = function(closed)
      order = order and closed.number == open
      open = open - 1
    end,
  })
  open = open + 1
  return self
end
function case.work()
  local text = ''
  for i = 1, 3 do
    local a <close> = resource(1)
    local b <close> = resource(2)
    do
      local c <close> = resource(3)
      text = text .. c.number .. ('z'):rep(i * 30)
    end
    if i == 2 then goto continue end
    text = text .. #{ b, a }
    ::continue::
  end
  for i in function(_, i) i = (i or 0) + 1 if i < 4 then return i end end, nil, nil, resource(1) do text = text .. i end
  local function returns() local d <close> = resource(1) return text .. 'end', { d } end
  return #(returns())
end
function case.check()
  assert(open == 0 and order, open)
end
return case
