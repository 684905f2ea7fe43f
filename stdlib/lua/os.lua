-- Clocks, dates and the end; what os does with files is in io.lua.
local os = os

-- Days from 1970-01-01 to a date of the Gregorian calendar; months and days may be any numbers (the years begin in
-- March here, so that the leap day is the last).
local function days_of(year, month, day)
  month = month - 3
  year = year + month // 12
  return year * 365 + year // 4 - year // 100 + year // 400 + (153 * (month % 12) + 2) // 5 + day - 719469
end

local find, slice = string.find, string.sub
-- The seconds at which C's years begin and end.
local FIRST_SECOND, LAST_SECOND = -67768040609740800, 67768036191676799

-- The fields of a time, in `date`. The years begin in March while it is worked out (see days_of).
local function set_fields(date, time)
  local days, rest = time // 86400, time % 86400
  local shifted = days + 719468
  local era = shifted // 146097
  local day = shifted % 146097
  local year = (day - day // 1460 + day // 36524 - day // 146096) // 365
  local yearday = day - (365 * year + year // 4 - year // 100)
  local month = (5 * yearday + 2) // 153
  date.day = yearday - (153 * month + 2) // 5 + 1
  date.month = month < 10 and month + 3 or month - 9
  date.year = year + era * 400 + (month < 10 and 0 or 1)
  date.hour, date.min, date.sec = rest // 3600, rest // 60 % 60, rest % 60
  date.wday = (days + 4) % 7 + 1
  date.yday = days - days_of(date.year, 1, 1) + 1
  date.isdst = false
  return date
end

function os.time(date)
  if date == nil then return __syscall.clock(0) // 1000000000 end
  __intrinsic.table_check(date)
  local year = __intrinsic.date_field(date.year, 'year', nil)
  local month = __intrinsic.date_field(date.month, 'month', nil)
  local days = days_of(year, month, __intrinsic.date_field(date.day, 'day', nil))
  local hour = __intrinsic.date_field(date.hour, 'hour', 12)
  local minute = __intrinsic.date_field(date.min, 'min', 0)
  local time = ((days * 24 + hour) * 60 + minute) * 60 + __intrinsic.date_field(date.sec, 'sec', 0)
  if time < FIRST_SECOND or time > LAST_SECOND then
    __intrinsic.raise('time result cannot be represented in this installation')
  end
  set_fields(date, time)
  return time
end

-- Dates are in UTC, with "!" and without.
function os.date(template, time)
  if template == nil then template = '%c' else template = __intrinsic.check_string(template, 1) end
  if time == nil then time = __syscall.clock(0) // 1000000000 else time = __intrinsic.check_integer(time, 2) end
  if time < FIRST_SECOND or time > LAST_SECOND then
    __intrinsic.raise('date result cannot be represented in this installation')
  end
  local from = slice(template, 1, 1) == '!' and 2 or 1
  if slice(template, from, from + 1) == '*t' then return set_fields({}, time) end
  local pieces, count = {}, 0
  while true do
    local at = find(template, '%', from, true)
    count = count + 1
    if at == nil then
      pieces[count] = slice(template, from)
      break
    end
    pieces[count] = slice(template, from, at - 1)
    local letter, modifier, following = slice(template, at + 1, at + 1), '', at + 2
    if letter == 'E' or letter == 'O' then
      letter, modifier, following = slice(template, at + 2, at + 2), letter, at + 3
    end
    local text = __intrinsic.date_text(letter, modifier, time // 86400, time % 86400)
    if text == nil then
      __intrinsic.raise_argument(1, "invalid conversion specifier '" .. slice(template, at, at + 60) .. "'")
    end
    count = count + 1
    pieces[count] = text
    from = following
  end
  return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
end

function os.difftime(later, earlier)
  return (__intrinsic.check_integer(later, 1) + 0.0) - __intrinsic.check_integer(earlier, 2)
end

-- No names of an environment are granted to anybody.
function os.getenv(name)
  __intrinsic.check_string(name, 1)
  return nil
end

local CATEGORIES = { all = true, collate = true, ctype = true, monetary = true, numeric = true, time = true }

-- There is one locale.
function os.setlocale(locale, category)
  if locale ~= nil then locale = __intrinsic.check_string(locale, 1) end
  if category ~= nil then category = __intrinsic.check_string(category, 2) end
  if category ~= nil and not CATEGORIES[category] then
    __intrinsic.raise_argument(2, "invalid option '" .. slice(category, 1, 60) .. "'")
  end
  if locale == nil or locale == '' or locale == 'C' or locale == 'POSIX' then return 'C' end
  return nil
end

function os.clock()
  return __syscall.clock(1) / 1e9
end

function os.exit(status, closes)
  status = __intrinsic.exit_status(status)
  if closes then __intrinsic.exit_closing(status) end
  __syscall.exit(status)
end

-- There is no shell.
function os.execute(command)
  if command == nil then return false end
  __intrinsic.check_string(command, 1)
  return nil, 'Function not implemented', 38
end

function io.popen(command)
  __intrinsic.check_string(command, 1)
  __intrinsic.raise("'popen' not supported")
end
