-- Clocks, dates and the end; what os does with files is in io.lua.
local os, finalise = os, finalise_objects
finalise_objects = nil

-- Days from 1970-01-01 to a date of the Gregorian calendar; months and days may be any numbers (the years begin in
-- March here, so that the leap day is the last).
local function days_of(year, month, day)
  month = month - 3
  year = year + month // 12
  return year * 365 + year // 4 - year // 100 + year // 400 + (153 * (month % 12) + 2) // 5 + day - 719469
end

local format, find, slice = string.format, string.find, string.sub
local WEEKDAYS = { 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday' }
local MONTHS = {
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
}
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

-- The year and the number of the week that ISO 8601 puts a date into.
local function iso_week(date)
  local weekday = (date.wday + 5) % 7
  local thursday = date.yday + 3 - weekday
  local year = date.year
  local length = days_of(year + 1, 1, 1) - days_of(year, 1, 1)
  if thursday < 1 then
    year = year - 1
    thursday = thursday + days_of(year + 1, 1, 1) - days_of(year, 1, 1)
  elseif thursday > length then
    year, thursday = year + 1, thursday - length
  end
  return year, (thursday - 1) // 7 + 1
end

local function two(number) return format('%02d', number) end
local function clock_of(date) return two(date.hour) .. ':' .. two(date.min) .. ':' .. two(date.sec) end
local function slashes(date) return two(date.month) .. '/' .. two(date.day) .. '/' .. two(date.year % 100) end
local function half(date) return two((date.hour + 11) % 12 + 1) end

-- What strftime writes in the C locale, by the letter.
local WRITERS = {
  a = function(date) return slice(WEEKDAYS[date.wday], 1, 3) end,
  A = function(date) return WEEKDAYS[date.wday] end,
  b = function(date) return slice(MONTHS[date.month], 1, 3) end,
  B = function(date) return MONTHS[date.month] end,
  C = function(date) return two(date.year // 100) end,
  d = function(date) return two(date.day) end,
  D = slashes,
  e = function(date) return format('%2d', date.day) end,
  F = function(date) return format('%d-%02d-%02d', date.year, date.month, date.day) end,
  g = function(date) return two((iso_week(date)) % 100) end,
  G = function(date) return format('%d', (iso_week(date))) end,
  H = function(date) return two(date.hour) end,
  I = half,
  j = function(date) return format('%03d', date.yday) end,
  m = function(date) return two(date.month) end,
  M = function(date) return two(date.min) end,
  n = function() return '\n' end,
  p = function(date) return date.hour < 12 and 'AM' or 'PM' end,
  r = function(date)
    return half(date) .. ':' .. two(date.min) .. ':' .. two(date.sec) .. (date.hour < 12 and ' AM' or ' PM')
  end,
  R = function(date) return two(date.hour) .. ':' .. two(date.min) end,
  S = function(date) return two(date.sec) end,
  s = function(_, time) return format('%d', time) end,
  t = function() return '\t' end,
  T = clock_of,
  u = function(date) return format('%d', (date.wday + 5) % 7 + 1) end,
  U = function(date) return two((date.yday + 7 - date.wday) // 7) end,
  V = function(date)
    local _, week = iso_week(date)
    return two(week)
  end,
  w = function(date) return format('%d', date.wday - 1) end,
  W = function(date) return two((date.yday + 6 - (date.wday + 5) % 7) // 7) end,
  x = slashes,
  X = clock_of,
  y = function(date) return two(date.year % 100) end,
  Y = function(date) return format('%d', date.year) end,
  z = function() return '+0000' end,
  Z = function() return 'GMT' end,
  ['%'] = function() return '%' end,
}
WRITERS.h = WRITERS.b
WRITERS.c = function(date)
  return format('%s %s %2d %s %d', WRITERS.a(date), WRITERS.b(date), date.day, clock_of(date), date.year)
end
-- The letters that may stand behind a modifier.
local MODIFIED = { E = 'cCxXyY', O = 'deHImMSuUVwWy' }

-- Dates are in UTC, with "!" and without.
function os.date(template, time)
  if template == nil then template = '%c' else template = __intrinsic.check_string(template, 1) end
  if time == nil then time = __syscall.clock(0) // 1000000000 else time = __intrinsic.check_integer(time, 2) end
  if time < FIRST_SECOND or time > LAST_SECOND then
    __intrinsic.raise('date result cannot be represented in this installation')
  end
  local date = set_fields({}, time)
  local from = slice(template, 1, 1) == '!' and 2 or 1
  if slice(template, from, from + 1) == '*t' then return date end
  local pieces, count = {}, 0
  while true do
    local at = find(template, '%', from, true)
    count = count + 1
    if at == nil then
      pieces[count] = slice(template, from)
      break
    end
    pieces[count] = slice(template, from, at - 1)
    local letter, following = slice(template, at + 1, at + 1), at + 2
    local modified = MODIFIED[letter]
    if modified then
      letter, following = slice(template, at + 2, at + 2), at + 3
      if letter == '' or not find(modified, letter, 1, true) then letter = '' end
    end
    local writer = WRITERS[letter]
    if writer == nil then
      __intrinsic.raise_argument(1, "invalid conversion specifier '" .. slice(template, at, at + 60) .. "'")
    end
    count = count + 1
    pieces[count] = writer(date, time)
    from = following
  end
  return __intrinsic.table_concat(pieces, '', 1, count, nil, nil, nil)
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
  if closes then
    __intrinsic.finalise_all()
    finalise()
  end
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
