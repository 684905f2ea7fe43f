-- Decides which requests of which clients pass, with a token bucket a client: a bucket holds up to `capacity` tokens,
-- gains `refillPerSecond` of them, and each request takes one or is rejected.
-- Argument: { capacity, refillPerSecond, requests = { { at = milliseconds, client = name }, ... } in order of time }.
-- Result: { allowed, rejected, decisions = { true or false for each request }, retryAfterMs = { for each rejected
-- request, in order, the milliseconds until its client may try again } }.

local request = ...
assert(request.capacity >= 1, "the capacity must be at least 1")
assert(request.refillPerSecond > 0, "refillPerSecond must be above 0")

local Bucket = {}
Bucket.__index = Bucket

function Bucket.new(capacity, refill_per_second, now)
  return setmetatable({
    capacity = capacity,
    refill_per_ms = refill_per_second / 1000,
    tokens = capacity,
    updated_at = now,
  }, Bucket)
end

-- Takes a token and returns true, or returns false and the milliseconds until there is one.
function Bucket:take(now)
  assert(now >= self.updated_at, "the requests are not in order of time")
  self.tokens = math.min(self.capacity, self.tokens + (now - self.updated_at) * self.refill_per_ms)
  self.updated_at = now
  if self.tokens >= 1 then
    self.tokens = self.tokens - 1
    return true
  end
  return false, math.ceil((1 - self.tokens) / self.refill_per_ms)
end

local buckets = {}
local report = { allowed = 0, rejected = 0, decisions = {}, retryAfterMs = {} }

for i, entry in ipairs(request.requests) do
  local bucket = buckets[entry.client]
  if not bucket then
    bucket = Bucket.new(request.capacity, request.refillPerSecond, entry.at)
    buckets[entry.client] = bucket
  end
  local passes, retry_after = bucket:take(entry.at)
  report.decisions[i] = passes
  if passes then
    report.allowed = report.allowed + 1
  else
    report.rejected = report.rejected + 1
    report.retryAfterMs[report.rejected] = retry_after
  end
end

return report
