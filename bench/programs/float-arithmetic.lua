-- Float arithmetic in locals: points of the logistic map and a running mean.
local n = ...
local x, mean = 0.25, 0.0
for i = 1, n do
  x = 3.9 * x * (1.0 - x)
  mean = mean + (x - mean) / i
end
return mean
