/** `400d`, `18m`, `2y` or a date → the moment before which something is old. */
import { exitCode, Stop } from '../model/stop.ts';

/** Months and years by the calendar, in UTC. Throws `Stop` (exit 2) for anything else, and for a moment that has not come. */
export function momentBefore(typed: string, now: Date): Date {
  const [, digits, unit] = /^(\d{1,5})([dmy])$/u.exec(typed) ?? [];
  const date = /^\d{4}-\d{2}-\d{2}$/u.test(typed) ? new Date(`${typed}T00:00:00Z`) : undefined;
  const count = Number(digits ?? 0);
  const moment = date ?? new Date(now);
  if (unit === 'd') moment.setUTCDate(moment.getUTCDate() - count);
  if (unit === 'm') moment.setUTCMonth(moment.getUTCMonth() - count);
  if (unit === 'y') moment.setUTCFullYear(moment.getUTCFullYear() - count);
  const isDate = date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(typed);
  if ((isDate || unit !== undefined) && !Number.isNaN(moment.getTime()) && moment <= now) return moment;
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where: '--older-than', value: typed, expected: '400d | 18m | 2y | 2025-01-01' },
  });
}
