/** The Gregorian calendar, on text alone: no time zone ever touches a date. */

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Years 1900 to 2199, months and days from 1. */
export function isCalendarDate(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0));
}

/** How a date is written in the message. */
export type DateFormat = 'yyyyMMdd' | 'yyyy-MM-dd';

export function formatDate(date: { year: number; month: number; day: number }, format: DateFormat): string {
  const parts = [
    String(date.year).padStart(4, '0'),
    String(date.month).padStart(2, '0'),
    String(date.day).padStart(2, '0'),
  ];
  return parts.join(format === 'yyyy-MM-dd' ? '-' : '');
}

/** The text is a day of the calendar, written in the format. */
export function isDateText(text: string, format: string): boolean {
  const match = (format === 'yyyy-MM-dd' ? /^(\d{4})-(\d{2})-(\d{2})$/u : /^(\d{4})(\d{2})(\d{2})$/u).exec(
    text,
  );
  return match !== null && isCalendarDate(Number(match[1]), Number(match[2]), Number(match[3]));
}
