/** `--as-of DATE`: the day that a check takes for today. */
import { exitCode, Stop } from '../model/stop.ts';
import { isDateText } from '../pack/calendar.ts';

/** Throws `Stop` (exit 2) where it is no day of the calendar. */
export function asOfDay(typed: string | true | undefined): string | undefined {
  if (typed === undefined) return undefined;
  if (typeof typed === 'string' && isDateText(typed, 'yyyy-MM-dd')) return typed;
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where: '--as-of', value: String(typed), expected: '2026-11-24' },
  });
}
