-- Variables to be closed whose initialisers have some of their own, and errors in one handler after the other.
local function closing(f) return setmetatable({}, { __close = f }) end
local log = {}
local function note(text) return closing(function(_, e) log[#log + 1] = text .. ":" .. tostring(e) end) end
local function f()
  local x <close> = closing(function()
    local y <close> = note("inner")
    log[#log + 1] = "outer"
  end)
  return 1, 2, 3
end
print(f()) -- expect: 1	2	3
print(table.concat(log, " ")) -- expect: outer inner:nil
log = {}
local function fails(text) return closing(function(_, e) log[#log + 1] = tostring(e) error(text, 0) end) end
local function g()
  local a <close> = note("last")
  local b <close> = fails("third")
  local c <close> = closing(function() collectgarbage() for i = 1, 100 do local t = { {} } end end)
  local d <close> = fails("second")
  local e <close> = fails("first")
  return "never"
end
print(pcall(g)) -- expect: false	third
print(table.concat(log, " ")) -- expect: nil first second last:third
-- What cannot be called is an error like any other, for those that are closed after it.
log = {}
local function h()
  local a <close> = note("last")
  local b <close> = closing(print)
  local c <close> = fails("first")
  getmetatable(b).__close = 4
end
print(pcall(h)) -- expect: false	attempt to call a number value
print(log[2]) -- expect: last:attempt to call a number value
