/** Dates as clerks and spreadsheets write them, read as text; two possible readings are a question, not a guess. */
import { formatDate, isCalendarDate } from './calendar.ts';
import type { DateFormat } from './calendar.ts';
import type { ParseHint } from './pack.ts';
import { visible } from './parse-text.ts';
import type { CellIssue, Parsed } from './parse-text.ts';

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const yearFirst = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$/u;
const compact = /^(\d{4})(\d{2})(\d{2})$/u;
const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/u;
const dayName = /^(\d{1,2})[-/ .]?([A-Z]{3})[A-Z]*[-/ .,]{0,2}(\d{4})$/u;
const nameDay = /^([A-Z]{3})[A-Z]*[-/ .]?(\d{1,2})[-/ .,]{1,2}(\d{4})$/u;
const time = /[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/u;

type Day = { readonly year: number; readonly month: number; readonly day: number };

function failure(value: string, code: CellIssue['code'], facts: CellIssue['facts'] = {}): Parsed {
  return { value, issues: [{ code, severity: 'error', facts }] };
}

function day(year: string | undefined, month: string | number | undefined, date: string | undefined): Day {
  return { year: Number(year), month: Number(month), day: Number(date) };
}

const exists = ({ year, month, day }: Day): boolean => isCalendarDate(year, month, day);

/** Every day that the text can mean; `[]` where it is written like no date at all. */
function readings(text: string, order: ParseHint['dateOrder']): Day[] {
  const first = yearFirst.exec(text) ?? compact.exec(text);
  if (first !== null) return [day(first[1], first[2], first[3])];
  const named = dayName.exec(text);
  if (named !== null) return [day(named[3], months.indexOf(named[2] ?? '') + 1, named[1])];
  const american = nameDay.exec(text);
  if (american !== null) return [day(american[3], months.indexOf(american[1] ?? '') + 1, american[2])];
  const last = yearLast.exec(text);
  if (last === null) return [];
  const one = day(last[3], last[1], last[2]);
  const other = day(last[3], last[2], last[1]);
  if (one.month === other.month) return [one];
  if (order !== undefined) return [order === 'month-first' ? one : other];
  const possible = [one, other].filter(exists);
  return possible.length > 0 ? possible : [one];
}

/** A time of midnight is dropped; another is left out with a word. `order` is what the whole column proves of `01/02/2026`. */
export function parseDate(text: string, format: DateFormat, order?: ParseHint['dateOrder']): Parsed {
  const shown = visible(text);
  let plain = shown
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/ ?([年月日]) ?/gu, '$1');
  const clock = time.exec(plain);
  if (clock !== null) plain = plain.slice(0, clock.index);
  const days = readings(plain, order);
  const [only, second] = days;
  if (only === undefined) return failure(shown, 'value/not-a-date');
  if (second !== undefined)
    return failure(shown, 'value/ambiguous-date', {
      readings: days.map((one) => formatDate(one, 'yyyy-MM-dd')),
    });
  if (!exists(only)) return failure(shown, 'value/no-such-day');
  const value = formatDate(only, format);
  const isMidnight = clock === null || Number(`${clock[1]}${clock[2]}${clock[3] ?? ''}`) === 0;
  if (isMidnight) return { value };
  return {
    value,
    issues: [
      { code: 'value/time-removed', severity: 'info', facts: { removed: clock[0].trim(), used: value } },
    ],
  };
}
