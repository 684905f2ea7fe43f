-- The table library.
table = {}
local table = table

function table.insert(list, position, ...)
  if __intrinsic.type(list) ~= 'table' then __intrinsic.type_error(list, 1, 'table') end
  local count = __intrinsic.vararg_count()
  local last = #list + 1
  if count == 0 then
    if position == nil and __intrinsic.argument_count() < 2 then
      __intrinsic.raise("wrong number of arguments to 'insert'")
    end
    list[last] = position
    return
  end
  if count > 1 then __intrinsic.raise("wrong number of arguments to 'insert'") end
  position = __intrinsic.check_integer(position, 2)
  if position < 1 or position > last then __intrinsic.argument_error(2, 'position out of bounds') end
  for index = last, position + 1, -1 do list[index] = list[index - 1] end
  list[position] = __intrinsic.vararg_get(1)
end

function table.remove(list, position)
  if __intrinsic.type(list) ~= 'table' then __intrinsic.type_error(list, 1, 'table') end
  local size = #list
  if position == nil then
    position = size
  else
    position = __intrinsic.check_integer(position, 2)
    if size + 1 ~= position and (position < 1 or position > size + 1) and not (size == 0 and position == 0) then
      __intrinsic.argument_error(2, 'position out of bounds')
    end
  end
  local removed = list[position]
  for index = position, size - 1 do list[index] = list[index + 1] end
  if position <= size then list[size] = nil elseif position == size + 1 then list[position] = nil end
  return removed
end

function table.concat(list, separator, first, last)
  if __intrinsic.type(list) ~= 'table' then __intrinsic.type_error(list, 1, 'table') end
  if separator == nil then separator = '' else separator = __intrinsic.check_string(separator, 2) end
  if first == nil then first = 1 else first = __intrinsic.check_integer(first, 3) end
  if last == nil then last = #list else last = __intrinsic.check_integer(last, 4) end
  if __intrinsic.getmetatable(list) ~= nil then
    -- Elements may come from __index: read them into a plain table.
    local plain = {}
    for index = first, last do plain[index - first + 1] = list[index] end
    list, first, last = plain, 1, last - first + 1
  end
  return __intrinsic.table_concat(list, separator, first, last, 0, nil, first)
end

function table.pack(...)
  local list = { ... }
  list.n = __intrinsic.vararg_count()
  return list
end

function table.unpack(list, first, last, ...)
  if first == nil then first = 1 else first = __intrinsic.check_integer(first, 2) end
  if last == nil then last = #list else last = __intrinsic.check_integer(last, 3) end
  if first > last then return end
  if last - first >= 1000000 or last - first < 0 then __intrinsic.raise('too many results to unpack') end
  if __intrinsic.getmetatable(list) ~= nil or __intrinsic.type(list) ~= 'table' then
    local plain = {}
    for index = first, last do plain[index - first + 1] = list[index] end
    list, first, last = plain, 1, last - first + 1
  end
  __intrinsic.vararg_unpack(list, first, last)
  return ...
end

function table.move(from, first, last, position, to)
  if __intrinsic.type(from) ~= 'table' then __intrinsic.type_error(from, 1, 'table') end
  first = __intrinsic.check_integer(first, 2)
  last = __intrinsic.check_integer(last, 3)
  position = __intrinsic.check_integer(position, 4)
  if to == nil then
    to = from
  elseif __intrinsic.type(to) ~= 'table' then
    __intrinsic.type_error(to, 5, 'table')
  end
  if last < first then return to end
  if not (first > 0 or last < 0x7fffffffffffffff + first) then __intrinsic.argument_error(3, 'too many elements to move') end
  if position > 0x7fffffffffffffff - (last - first + 1) + 1 then __intrinsic.argument_error(4, 'destination wrap around') end
  if position > last or position <= first or to ~= from then
    for offset = 0, last - first do to[position + offset] = from[first + offset] end
  else
    for offset = last - first, 0, -1 do to[position + offset] = from[first + offset] end
  end
  return to
end

local function invalid_order()
  __intrinsic.raise('invalid order function for sorting')
end

-- Quicksort with the median of three as its pivot; the larger half is done by the loop, the smaller by the recursion, so
-- it nests at most log2(n) deep (Hoare 1962; Sedgewick 1978).
local function sort(list, low, high)
  while low < high do
    local first, last = list[low], list[high]
    if last < first then
      list[low], list[high] = last, first
      first, last = last, first
    end
    if high - low == 1 then return end
    local middle = (low + high) // 2
    local pivot = list[middle]
    if pivot < first then
      list[middle], list[low] = first, pivot
      pivot = first
    elseif last < pivot then
      list[middle], list[high] = last, pivot
      pivot = last
    end
    if high - low == 2 then return end
    list[middle], list[high - 1] = list[high - 1], pivot
    local left, right = low, high - 1
    while true do
      left = left + 1
      while list[left] < pivot do
        if left == high - 1 then invalid_order() end
        left = left + 1
      end
      right = right - 1
      while pivot < list[right] do
        if right < left then invalid_order() end
        right = right - 1
      end
      if right < left then break end
      list[left], list[right] = list[right], list[left]
    end
    list[high - 1], list[left] = list[left], list[high - 1]
    if left - low < high - left then
      sort(list, low, left - 1)
      low = left + 1
    else
      sort(list, left + 1, high)
      high = left - 1
    end
  end
end

-- The same with a comparator.
local function sort_by(list, low, high, is_less)
  while low < high do
    local first, last = list[low], list[high]
    if is_less(last, first) then
      list[low], list[high] = last, first
      first, last = last, first
    end
    if high - low == 1 then return end
    local middle = (low + high) // 2
    local pivot = list[middle]
    if is_less(pivot, first) then
      list[middle], list[low] = first, pivot
      pivot = first
    elseif is_less(last, pivot) then
      list[middle], list[high] = last, pivot
      pivot = last
    end
    if high - low == 2 then return end
    list[middle], list[high - 1] = list[high - 1], pivot
    local left, right = low, high - 1
    while true do
      left = left + 1
      while is_less(list[left], pivot) do
        if left == high - 1 then invalid_order() end
        left = left + 1
      end
      right = right - 1
      while is_less(pivot, list[right]) do
        if right < left then invalid_order() end
        right = right - 1
      end
      if right < left then break end
      list[left], list[right] = list[right], list[left]
    end
    list[high - 1], list[left] = list[left], list[high - 1]
    if left - low < high - left then
      sort_by(list, low, left - 1, is_less)
      low = left + 1
    else
      sort_by(list, left + 1, high, is_less)
      high = left - 1
    end
  end
end

function table.sort(list, is_less)
  if __intrinsic.type(list) ~= 'table' then __intrinsic.type_error(list, 1, 'table') end
  local size = #list
  if size < 2 then return end
  if size >= 0x7fffffff then __intrinsic.argument_error(1, 'array too big') end
  if is_less == nil then
    sort(list, 1, size)
  else
    if __intrinsic.type(is_less) ~= 'function' then __intrinsic.type_error(is_less, 2, 'function') end
    sort_by(list, 1, size, is_less)
  end
end
