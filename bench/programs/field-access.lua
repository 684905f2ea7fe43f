-- Field accesses: a particle that moves.
local n = ...
local p = { x = 0.0, y = 0.0, vx = 1.5, vy = 0.25, hits = 0 }
for i = 1, n do
  p.x = p.x + p.vx
  p.y = p.y + p.vy
  if p.x > 100.0 then
    p.x = p.x - 100.0
    p.hits = p.hits + 1
  end
end
return p.hits
