/** Moments as people read them: Beijing time, the clock of the window and of whoever works with it. Machine formats keep ISO 8601. */
import { oneLine } from './terminal-text.ts';

const isoMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/u;
const beijingMs = 8 * 3_600_000;

/** As text says which clock it is. */
export const beijingOffset = '+08:00';

/** `2026-03-02T09:00:05`, by the clock of Beijing, from any ISO 8601 moment with an offset; undefined for any other text. */
export function beijingClock(at: string): string | undefined {
  const ms = isoMoment.test(at) ? Date.parse(at) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms + beijingMs).toISOString().slice(0, 19);
}

/** `2026-03-02 09:00:05 +08:00`. What is no moment is shown as it stands: receipts hold any text where a time belongs. */
export function momentText(at: string): string {
  const clock = beijingClock(at);
  return clock === undefined ? oneLine(at, 40) : `${clock.replace('T', ' ')} ${beijingOffset}`;
}
