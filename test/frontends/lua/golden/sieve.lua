local function sieve(limit)
  local isComposite, count = {}, 0
  for number = 2, limit do
    if not isComposite[number] then
      count = count + 1
      for multiple = number * number, limit, number do isComposite[multiple] = true end
    end
  end
  return count
end
return sieve(100)
