-- Objects that were given a finaliser get it called once.
local case, living = {}, 0
local function object()
  local self = setmetatable({}, { __gc = function(self) assert(self.lives) self.lives = false living = living - 1 end })
  self.lives = true
  living = living + 1
  return self
end
function case.work()
  local kept = {}
  for i = 1, 8 do
    local made = object()
    if i % 2 == 0 then kept[#kept + 1] = made end
  end
  collectgarbage()
  return living - #kept
end
function case.check(has_memory)
  collectgarbage()
  collectgarbage()
  -- Without memory for their calls finalisers wait.
  assert(living == 0 or not has_memory, living)
end
return case
