/** Which events were told: one line of a file each, so that none is told twice after a restart. */
import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { exitCode, Stop } from '../model/stop.ts';

export type Mark = { readonly key: string; readonly receipt: string };
export type Watched = {
  /** Nothing was ever watched here. */
  readonly isNew: boolean;
  readonly has: (mark: Mark) => boolean;
  /** On the disk when it returns. */
  readonly add: (mark: Mark) => void;
  readonly close: () => void;
};

/** Never through a link that somebody put there. */
const appending = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** Throws `Stop` (exit 74) where the file cannot be written. A torn last line is forgotten: its event is told again. */
export function openWatched(file: string): Watched {
  try {
    const isNew = !existsSync(file);
    const text = isNew ? '' : readFileSync(file, 'utf8');
    const known = new Set(text.split('\n'));
    const descriptor = openSync(file, appending, 0o600);
    if (text !== '' && !text.endsWith('\n')) writeSync(descriptor, '\n');
    const line = ({ key, receipt }: Mark): string => JSON.stringify([key, receipt]);
    return {
      isNew,
      has: (mark) => known.has(line(mark)),
      add: (mark) => {
        known.add(line(mark));
        writeSync(descriptor, `${line(mark)}\n`);
        fsyncSync(descriptor);
      },
      close: () => closeSync(descriptor),
    };
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Stop('run/cannot-write', exitCode.storage, { facts: { path: file, reason }, cause });
  }
}
