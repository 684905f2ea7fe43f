-- A cache that drops the least recently used entry when it is full, driven by a list of operations.
-- Argument: { capacity, operations = { { "put", key, value } or { "get", key }, ... } }.
-- Result: { hits, misses, evicted = the keys dropped, in order, keys = what is cached, most recently used first }.

local request = ...

-- Entries form a ring through `newer` and `older`, closed by a sentinel: sentinel.older is the most recent entry,
-- sentinel.newer the least recent. So no operation has a special case for an end, and each takes constant time.
local Cache = {}
Cache.__index = Cache

function Cache.new(capacity, on_evict)
  assert(capacity >= 1, "the capacity must be at least 1")
  local sentinel = {}
  sentinel.newer, sentinel.older = sentinel, sentinel
  return setmetatable({
    capacity = capacity,
    size = 0,
    entries = {},
    sentinel = sentinel,
    on_evict = on_evict,
  }, Cache)
end

local function unlink(entry)
  entry.newer.older, entry.older.newer = entry.older, entry.newer
end

function Cache:_link_as_newest(entry)
  local sentinel = self.sentinel
  entry.newer, entry.older = sentinel, sentinel.older
  sentinel.older.newer = entry
  sentinel.older = entry
end

function Cache:get(key)
  local entry = self.entries[key]
  if not entry then
    return nil
  end
  unlink(entry)
  self:_link_as_newest(entry)
  return entry.value
end

function Cache:put(key, value)
  local entry = self.entries[key]
  if entry then
    entry.value = value
    unlink(entry)
  else
    if self.size == self.capacity then
      self:_evict()
    end
    entry = { key = key, value = value }
    self.entries[key] = entry
    self.size = self.size + 1
  end
  self:_link_as_newest(entry)
end

function Cache:_evict()
  local oldest = self.sentinel.newer
  unlink(oldest)
  self.entries[oldest.key] = nil
  self.size = self.size - 1
  self.on_evict(oldest.key)
end

-- Iterates over keys and values, most recently used first.
function Cache:pairs()
  local entry = self.sentinel
  return function()
    entry = entry.older
    if entry ~= self.sentinel then
      return entry.key, entry.value
    end
  end
end

local report = { hits = 0, misses = 0, evicted = {}, keys = {} }
local cache = Cache.new(request.capacity, function(key)
  table.insert(report.evicted, key)
end)

for _, operation in ipairs(request.operations) do
  local name, key, value = table.unpack(operation, 1, 3)
  if name == "put" then
    cache:put(key, value)
  elseif name == "get" then
    local outcome = cache:get(key) == nil and "misses" or "hits"
    report[outcome] = report[outcome] + 1
  else
    error("unknown operation '" .. tostring(name) .. "'", 0)
  end
end

for key in cache:pairs() do
  table.insert(report.keys, key)
end
return report
