-- Dates in UTC.
print(os.date("!%Y-%m-%d %H:%M:%S %a %b %j %p %y", 951782400)) -- expect: 2000-02-29 00:00:00 Tue Feb 060 AM 00
print(os.date("!%c|%x|%X|%U|%W|%V|%G", 1704067199)) -- expect: Sun Dec 31 23:59:59 2023|12/31/23|23:59:59|53|52|52|2023
local date = os.date("!*t", -1)
print(date.year, date.month, date.day, date.hour, date.min, date.sec, date.wday, date.yday, date.isdst) -- expect: 1969	12	31	23	59	59	4	365	false
local late = { year = 2024, month = 14, day = -3, hour = 25 }
print(os.time(late), late.year, late.month, late.day, late.hour, late.wday) -- expect: 1738112400	2025	1	29	1	4
print(pcall(os.date, "%Q", 0)) -- expect: false	bad argument #1 to 'os.date' (invalid conversion specifier '%Q')
print(pcall(os.time, { year = 2024 })) -- expect: false	field 'month' missing in date table
print(os.difftime(5, 3), os.getenv("NOPE"), os.setlocale(), os.setlocale("xx")) -- expect: 2.0	nil	C	nil
