-- The twin of linked-list.c.
local n = ...
local sum = 0
for _ = 1, 10 do
  local list
  for i = 0, n - 1 do list = { value = i, next = list } end
  local reversed
  while list do
    local following = list.next
    list.next = reversed
    reversed = list
    list = following
  end
  local odd, even
  while reversed do
    local following = reversed.next
    if reversed.value & 1 == 1 then
      reversed.next = odd
      odd = reversed
    else
      reversed.next = even
      even = reversed
    end
    reversed = following
  end
  while odd or even do
    local node
    if odd and (not even or odd.value > even.value) then
      node = odd
      odd = node.next
    else
      node = even
      even = node.next
    end
    sum = (sum * 31 + node.value) & 0xffffffff
  end
end
return sum
