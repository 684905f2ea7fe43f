-- Clocks, dates and the end; what os does with files is in io.lua.
local os = os

-- Days from 1970-01-01 to a date of the Gregorian calendar; months and days may be any numbers (the years begin in
-- March here, so that the leap day is the last).
local function days_of(year, month, day)
  month = month - 3
  year = year + month // 12
  return year * 365 + year // 4 - year // 100 + year // 400 + (153 * (month % 12) + 2) // 5 + day - 719469
end

function os.time(date)
  if date == nil then return __syscall.clock(0) // 1000000000 end
  __intrinsic.table_check(date)
  local year = __intrinsic.date_field(date.year, 'year', nil)
  local month = __intrinsic.date_field(date.month, 'month', nil)
  local days = days_of(year, month, __intrinsic.date_field(date.day, 'day', nil))
  local hour = __intrinsic.date_field(date.hour, 'hour', 12)
  local minute = __intrinsic.date_field(date.min, 'min', 0)
  return ((days * 24 + hour) * 60 + minute) * 60 + __intrinsic.date_field(date.sec, 'sec', 0)
end

function os.clock()
  return __syscall.clock(1) / 1e9
end

function os.exit(status)
  __syscall.exit(__intrinsic.exit_status(status))
end
