-- The table library. Intrinsics do what they can for plain tables; the code behind them is for tables with metamethods.
-- Parameters in brackets of the comments are no arguments: intrinsics keep unfinished work in them.
table = {}
local table = table

function table.insert(list, position, value)
  do return __intrinsic.table_insert(list, position, value) end
  local size = __intrinsic.length_result(#list)
  local place = __intrinsic.insert_position(size, position, value)
  if place == nil then
    list[size + 1] = position
    return
  end
  for index = size + 1, place + 1, -1 do list[index] = list[index - 1] end
  list[place] = value
end

-- (range)
function table.remove(list, position, range)
  do return __intrinsic.table_remove(list, position, range) end
  local size = __intrinsic.length_result(#list)
  if position == nil then position = size else position = __intrinsic.remove_position(position, size) end
  local removed = list[position]
  while position < size do
    list[position] = list[position + 1]
    position = position + 1
  end
  list[position] = nil
  return removed
end

-- (bytes, result, index)
function table.concat(list, separator, first, last, bytes, result, index)
  do return __intrinsic.table_concat(list, separator, first, last, bytes, result, index) end
  if last == nil then last = __intrinsic.length_result(#list) end
  local plain = {}
  for at = first, last do plain[at - first + 1] = list[at] end
  return __intrinsic.table_concat(plain, separator, 1, last - first + 1, nil, nil, nil)
end

function table.pack(...)
  return { n = __intrinsic.vararg_count(), ... }
end

-- The intrinsic works on the first registers of the function that it stands in.
local function unpack_plain(list, first, last) return __intrinsic.table_unpack(list, first, last) end

function table.unpack(list, first, last)
  do return __intrinsic.table_unpack(list, first, last) end
  if last == nil then last = __intrinsic.length_result(#list) end
  local size = __intrinsic.unpack_size(first, last)
  local plain = {}
  for index = 1, size do
    plain[index] = list[first]
    first = first + 1
  end
  return unpack_plain(plain, 1, size)
end

function table.move(from, first, last, position, to)
  do return __intrinsic.table_move(from, first, last, position, to) end
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
-- it nests at most log2(n) deep (Hoare 1962; Sedgewick 1978). The order of comparisons and exchanges is the one of Lua's
-- own table.sort, so that elements that compare as equal end in the same places. `lopsided` is set when a partition was
-- far from even: then the pivot of a large range is not taken from the middle any more.
local function sort(list, low, high, lopsided)
  while low < high do
    local first, last = list[low], list[high]
    if last < first then
      list[low], list[high] = last, first
    end
    if high - low == 1 then return end
    local middle = (low + high) // 2
    if lopsided and high - low >= 100 then middle = low + (high - low) // 4 end
    local pivot = list[middle]
    first = list[low]
    if pivot < first then
      list[middle], list[low] = first, pivot
    else
      last = list[high]
      if last < pivot then list[middle], list[high] = last, pivot end
    end
    if high - low == 2 then return end
    pivot = list[middle]
    list[middle], list[high - 1] = list[high - 1], pivot
    local left, right = low + 1, high - 2
    while true do
      local upper = list[left]
      while upper < pivot do
        if left == high - 1 then invalid_order() end
        left = left + 1
        upper = list[left]
      end
      local lower = list[right]
      while pivot < lower do
        if right < left then invalid_order() end
        right = right - 1
        lower = list[right]
      end
      if right < left then break end
      list[left], list[right] = lower, upper
      left = left + 1
      right = right - 1
    end
    list[high - 1], list[left] = list[left], list[high - 1]
    local smaller
    if left - low < high - left then
      sort(list, low, left - 1, lopsided)
      smaller = left - low
      low = left + 1
    else
      sort(list, left + 1, high, lopsided)
      smaller = high - left
      high = left - 1
    end
    if (high - low) // 128 > smaller then lopsided = true end
  end
end

-- The same with a comparator.
local function sort_by(list, low, high, lopsided, is_less)
  while low < high do
    local first, last = list[low], list[high]
    if is_less(last, first) then
      list[low], list[high] = last, first
    end
    if high - low == 1 then return end
    local middle = (low + high) // 2
    if lopsided and high - low >= 100 then middle = low + (high - low) // 4 end
    local pivot = list[middle]
    first = list[low]
    if is_less(pivot, first) then
      list[middle], list[low] = first, pivot
    else
      last = list[high]
      if is_less(last, pivot) then list[middle], list[high] = last, pivot end
    end
    if high - low == 2 then return end
    pivot = list[middle]
    list[middle], list[high - 1] = list[high - 1], pivot
    local left, right = low + 1, high - 2
    while true do
      local upper = list[left]
      while is_less(upper, pivot) do
        if left == high - 1 then invalid_order() end
        left = left + 1
        upper = list[left]
      end
      local lower = list[right]
      while is_less(pivot, lower) do
        if right < left then invalid_order() end
        right = right - 1
        lower = list[right]
      end
      if right < left then break end
      list[left], list[right] = lower, upper
      left = left + 1
      right = right - 1
    end
    list[high - 1], list[left] = list[left], list[high - 1]
    local smaller
    if left - low < high - left then
      sort_by(list, low, left - 1, lopsided, is_less)
      smaller = left - low
      low = left + 1
    else
      sort_by(list, left + 1, high, lopsided, is_less)
      smaller = high - left
      high = left - 1
    end
    if (high - low) // 128 > smaller then lopsided = true end
  end
end

function table.sort(list, is_less)
  __intrinsic.table_check(list)
  local size = __intrinsic.length_result(#list)
  if not __intrinsic.sort_check(size, is_less) then return end
  if is_less == nil then sort(list, 1, size, false) else sort_by(list, 1, size, false, is_less) end
end

__intrinsic.part({ table })
