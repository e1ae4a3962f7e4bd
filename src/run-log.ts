/** The log of `--log-file`: one line of JSON an event, with ids and counts, without values, names of files, or secrets. */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { exitCode, Stop } from './model/stop.ts';

/** Of an event only what is a number, a truth, or a word of ours. */
export type LogEvent = { readonly event: string } & Readonly<Record<string, string | number | boolean>>;
export type RunLog = { readonly write: (event: LogEvent) => void };

export const noLog: RunLog = { write: () => undefined };

const appending =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/**
 * Opened for each line, so that a log may be rotated away at any time. The first event must be written: throws `Stop` (exit 2).
 * What fails later is told once on standard error, and stops nothing: the ledger is the truth, not the log.
 */
export function openRunLog(file: string, now: () => Date): RunLog {
  let isBegun = false;
  let isBroken = false;
  return {
    write(event) {
      try {
        append(file, `${JSON.stringify({ at: now().toISOString(), pid: process.pid, ...event })}\n`);
        isBegun = true;
      } catch (cause) {
        const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
        if (!isBegun) throw new Stop('run/cannot-log', exitCode.usage, { facts: { file, reason }, cause });
        if (!isBroken) process.stderr.write(`--log-file: ${reason}\n`);
        isBroken = true;
      }
    },
  };
}

function append(file: string, line: string): void {
  const fd = openSync(file, appending, 0o600);
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.nlink > 1)
      throw Object.assign(new Error('not a regular file with one name'), { code: 'ENOTFILE' });
    // One write a line: lines of several processes do not mix.
    writeSync(fd, line);
  } finally {
    closeSync(fd);
  }
}
