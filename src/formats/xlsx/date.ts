/** Turns date serials and ISO dates into text, by integer arithmetic: no time zone, no floating point. */
import type { NumberFormat } from './number-format.ts';

export type DateText = {
  readonly text: string;
  /** `impossible-date`: a day that no calendar has, or none that a spreadsheet can show. `rounded`: the format hides a part of the value. */
  readonly note?: 'impossible-date' | 'rounded';
  /** The text is the number itself: it names no day. */
  readonly isNumber?: true;
};

const lastSerial = 2_958_465; // 9999-12-31
const daysOf1904 = 1_462;
const secondsOfDay = 86_400;

/**
 * `plain` is a decimal number without exponent. A value at midnight is a date alone, whatever its format. Serial 60 of the 1900
 * system is 29 February 1900, which never was, and 0 is 1900-01-00: both as Excel shows them.
 */
export function serialText(plain: string, format: NumberFormat, uses1904: boolean): DateText {
  const [whole = '', fraction = ''] = plain.split('.');
  let day = Number(whole);
  let second = secondsOf(fraction);
  if (second === secondsOfDay) {
    day += 1;
    second = 0;
  }
  if (format.kind === 'elapsed') return { text: elapsedText(day * secondsOfDay + second, format.unit) };
  const serial = uses1904 ? day + daysOf1904 : day;
  if (plain.startsWith('-') || !(serial <= lastSerial))
    return { text: plain, note: 'impossible-date', isNumber: true };
  const shows = format.kind === 'date' ? format.shows : 'both';
  const isTime = shows === 'time' || (shows === 'auto' && day === 0 && second > 0);
  if (isTime) return day > 0 ? { text: clock(second), note: 'rounded' } : { text: clock(second) };
  const text = second > 0 && shows !== 'date' ? `${dayText(serial)} ${clock(second)}` : dayText(serial);
  if (serial === 60 || serial === 0) return { text, note: 'impossible-date' };
  return second > 0 && shows === 'date' ? { text, note: 'rounded' } : { text };
}

/** `2026-01-02`, or `2026-01-02 13:05:00`, from the ISO 8601 of a strict workbook. Absent where it is something else. */
export function isoDateText(raw: string): DateText | undefined {
  const parts =
    /^(?:(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d))?(?:T?(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?<fraction>[.,]\d+)?)?)?Z?$/u.exec(
      raw,
    )?.groups;
  if (parts === undefined || raw === '' || raw === 'Z') return undefined;
  const { year, month, day, hour, minute, second = '00', fraction = '' } = parts;
  const time = hour === undefined ? '' : `${hour}:${minute}:${second}`;
  const hidden = /[1-9]/u.test(fraction) ? ({ note: 'rounded' } as const) : {};
  if (year === undefined) return { text: time, ...hidden };
  const date = `${year}-${month}-${day}`;
  const text = time === '' || time === '00:00:00' ? date : `${date} ${time}`;
  return isOnCalendar(Number(year), Number(month), Number(day))
    ? { text, ...hidden }
    : { text, note: 'impossible-date' };
}

function isOnCalendar(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

/** Rounded to the whole second, exactly: 11 digits of the fraction times 86,400 stay below 2^53. */
function secondsOf(fraction: string): number {
  if (fraction === '') return 0;
  const digits = Number(fraction.slice(0, 11).padEnd(11, '0'));
  return Math.floor((digits * secondsOfDay + 50_000_000_000) / 100_000_000_000);
}

const days = new Map<number, string>();

function dayText(serial: number): string {
  const known = days.get(serial);
  if (known !== undefined) return known;
  const text = calendarText(serial);
  if (days.size < 100_000) days.set(serial, text);
  return text;
}

/** Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
function calendarText(serial: number): string {
  if (serial === 0) return '1900-01-00';
  if (serial === 60) return '1900-02-29';
  const sinceMarch0000 = serial - 25_569 + 719_468 + (serial < 60 ? 1 : 0);
  const era = Math.floor(sinceMarch0000 / 146_097);
  const dayOfEra = sinceMarch0000 - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function clock(second: number): string {
  return `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

function elapsedText(seconds: number, unit: 'h' | 'm' | 's'): string {
  if (unit === 's') return String(seconds);
  if (unit === 'm') return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
