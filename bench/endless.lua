-- Never ends: what a context does while its slices are counted.
local i = 0
while true do i = i + 1 end
