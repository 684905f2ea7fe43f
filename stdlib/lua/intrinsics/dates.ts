// What strftime writes in the C locale and in UTC, one conversion at a time; the loop over a template is os.lua's.
import { type Context, NEXT, writeNil } from '../../../vm/index';
import { shortTextAt } from './basic';
import { argument, charge, integerAt, intrinsic, storeText } from './support';

export const DATE_INTRINSICS = [intrinsic('date_text', 4, 1, dateText)];

/** Instructions for a conversion: what the longest, `%c`, takes in steps of the machine. */
const CONVERSION_COST = 20;

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
] as const; // biome-ignore format: rows

/** The letters that may stand behind a modifier, and behind none. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['', 'aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%'],
  ['E', 'cCxXyY'],
  ['O', 'deHImMSuUVwWy'],
]);

/** A time: the seconds of its day, and what the day is in the calendar. */
interface Moment {
  readonly seconds: number;
  readonly year: number;
  /** From 0 on: months, days of the year, days of the week from Sunday on. */
  readonly month: number;
  readonly yearDay: number;
  readonly weekday: number;
  readonly day: number;
}

/** R[0]: what the conversion R[0] behind the modifier R[1] writes of second R[3] of day R[2]; nil when there is none such. */
function dateText(context: Context, registers: number): number {
  charge(context, CONVERSION_COST);
  const letter = shortTextAt(context, registers) ?? '';
  const modifier = shortTextAt(context, argument(registers, 1)) ?? '';
  if (letter.length !== 1 || !LETTERS.get(modifier)?.includes(letter)) {
    writeNil(context, registers);
    return NEXT;
  }
  const moment = momentOf(integerAt(context, argument(registers, 2)), integerAt(context, argument(registers, 3)));
  return storeText(context, registers, convert(letter, moment));
}

/** Days since 1970 to 1 January of a year of the Gregorian calendar. */
function daysBefore(year: number): number {
  const last = year - 1;
  return last * 365 + Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) - 719_162;
}

/** By Howard Hinnant's civil_from_days: the years of the calculation begin in March. */
function momentOf(days: number, seconds: number): Moment {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const eraDay = shifted - era * 146_097;
  const eraYear = Math.floor(
    (eraDay - Math.floor(eraDay / 1460) + Math.floor(eraDay / 36_524) - Math.floor(eraDay / 146_096)) / 365,
  );
  const marchDay = eraDay - (365 * eraYear + Math.floor(eraYear / 4) - Math.floor(eraYear / 100));
  const marchMonth = Math.floor((5 * marchDay + 2) / 153);
  const month = (marchMonth + 2) % 12;
  const year = eraYear + era * 400 + (month < 2 ? 1 : 0);
  const day = marchDay - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { seconds, year, month, day, yearDay: days - daysBefore(year), weekday: (((days + 4) % 7) + 7) % 7 };
}

/** The year and the number of the week that ISO 8601 puts a day into. */
function isoWeek({ year, yearDay, weekday }: Moment): { year: number; week: number } {
  const thursday = yearDay + 3 - ((weekday + 6) % 7);
  const length = daysBefore(year + 1) - daysBefore(year);
  if (thursday < 0) {
    return { year: year - 1, week: Math.floor((thursday + daysBefore(year) - daysBefore(year - 1)) / 7) + 1 };
  }
  if (thursday >= length) return { year: year + 1, week: Math.floor((thursday - length) / 7) + 1 };
  return { year, week: Math.floor(thursday / 7) + 1 };
}

/** As C's %02d and its like: zeros behind the sign. */
function padded(value: number, width = 2): string {
  return value < 0 ? `-${`${-value}`.padStart(width - 1, '0')}` : `${value}`.padStart(width, '0');
}

/** The last two digits of a year, counted upward from the century below it. */
function ofCentury(year: number): string {
  return padded(year - 100 * Math.floor(year / 100));
}

function convert(letter: string, moment: Moment): string {
  const { seconds, year, month, day, yearDay, weekday } = moment;
  const hour = Math.floor(seconds / 3600);
  const all = (letters: string, between: string) => Array.from(letters, (one) => convert(one, moment)).join(between);
  switch (letter) {
    case 'a': return WEEKDAYS[weekday]!.slice(0, 3);
    case 'A': return WEEKDAYS[weekday]!;
    case 'b':
    case 'h': return MONTHS[month]!.slice(0, 3);
    case 'B': return MONTHS[month]!;
    case 'c': return all('abeTY', ' ');
    case 'C': return padded(Math.floor(year / 100));
    case 'd': return padded(day);
    case 'D':
    case 'x': return all('mdy', '/');
    case 'e': return `${day}`.padStart(2);
    case 'F': return all('Ymd', '-');
    case 'g': return ofCentury(isoWeek(moment).year);
    case 'G': return `${isoWeek(moment).year}`;
    case 'H': return padded(hour);
    case 'I': return padded(((hour + 11) % 12) + 1);
    case 'j': return padded(yearDay + 1, 3);
    case 'm': return padded(month + 1);
    case 'M': return padded(Math.floor(seconds / 60) % 60);
    case 'n': return '\n';
    case 'p': return hour < 12 ? 'AM' : 'PM';
    case 'r': return `${all('IMS', ':')} ${all('p', '')}`;
    case 'R': return all('HM', ':');
    case 'S': return padded(seconds % 60);
    case 't': return '\t';
    case 'T':
    case 'X': return all('HMS', ':');
    case 'u': return `${((weekday + 6) % 7) + 1}`;
    case 'U': return padded(Math.floor((yearDay + 7 - weekday) / 7));
    case 'V': return padded(isoWeek(moment).week);
    case 'w': return `${weekday}`;
    case 'W': return padded(Math.floor((yearDay + 7 - ((weekday + 6) % 7)) / 7));
    case 'y': return ofCentury(year);
    case 'Y': return `${year}`;
    case 'z': return '+0000';
    case 'Z': return 'GMT';
    default: return letter;
  } // biome-ignore format: rows
}
