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
