/** Moments as the import client tells them: Beijing time, whole seconds. */

const beijingMs = 8 * 3_600_000;

/** ISO 8601 with +08:00. */
export function beijingSeconds(ms: number): string {
  return `${new Date(ms + beijingMs).toISOString().slice(0, 19)}+08:00`;
}

/** `yyyyMMddHHmmssfff`, as in the names of files. */
export function beijingStamp(ms: number): string {
  return new Date(ms + beijingMs).toISOString().replace(/\D/gu, '');
}

/** What `beijingStamp` was made from: 17 digits, in ms since 1970. */
export function momentOfStamp(stamp: string): number {
  const part = (from: number, to: number): number => Number(stamp.slice(from, to));
  const day = [part(0, 4), part(4, 6) - 1, part(6, 8)] as const;
  return Date.UTC(...day, part(8, 10), part(10, 12), part(12, 14), part(14, 17)) - beijingMs;
}
