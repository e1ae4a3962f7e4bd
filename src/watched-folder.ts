/** A folder into which others put files: which of them are finished, whose they are, and where they go. */
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { takeLock } from './ledger/lock.ts';
import { exitCode, Stop } from './model/stop.ts';

/** A file that is ours alone, in a folder of its own under `working`. */
export type Claimed = {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly results: string;
};

export type WatchedFolder = {
  /** Claimed and not filed yet, also by a run that was killed; oldest first. */
  readonly claimed: () => readonly Claimed[];
  /** Names of files whose size and time have not changed for the settle time. With `wait` it waits that long for those there are. */
  readonly finished: (wait: boolean, signal: AbortSignal) => Promise<readonly string[]>;
  /** Undefined where another watcher was first. */
  readonly claim: (name: string) => Claimed | undefined;
  readonly file: (claimed: Claimed, end: 'done' | 'failed') => void;
  readonly [Symbol.dispose]: () => void;
};

const resultsSuffix = '.results';
/** Office's lock files, names with a dot, and what browsers, editors and copying programs use before a file is whole. */
const notYet =
  /^(?:~\$|\.|~)|(?:~|\.tmp|\.temp|\.part|\.partial|\.crdownload|\.download|\.filepart|\.swp|\.!ut)$/iu;
/** What manifests name, and none themselves. */
const documents = /\.pdf$/iu;
const ends = ['done', 'failed'] as const;

/**
 * Throws `Stop` (exit 2) where it is no folder, and (exit 11) where a process of this user on this machine watches it.
 * Watchers of other users and machines may work beside: a claim is one rename, which only one of them wins, and each takes
 * up again only what it claimed itself.
 */
export function openWatchedFolder(path: string, settleMs: number): WatchedFolder {
  const folder = folderAt(path);
  const own = join(
    folder,
    'working',
    `${hostname()}-${userInfo().username}`.replace(/[^\p{L}\p{N}._-]/gu, '_'),
  );
  for (const each of [own, ...ends.map((end) => join(folder, end))]) mkdirSync(each, { recursive: true });
  const lock = lockOf(own, path);
  const seen = new Map<string, { readonly mark: string; readonly sinceMs: number }>();

  const names = (): readonly string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((each) => each.isFile() && !notYet.test(each.name) && !documents.test(each.name))
      .map(({ name }) => name)
      .sort();
  const look = (): readonly string[] => {
    const nowMs = performance.now();
    const here = names();
    for (const name of seen.keys()) if (!here.includes(name)) seen.delete(name);
    return here.filter((name) => {
      const mark = markOf(join(folder, name));
      if (mark === undefined) return false;
      const before = seen.get(name);
      if (before?.mark !== mark) seen.set(name, { mark, sinceMs: nowMs });
      return nowMs - (seen.get(name)?.sinceMs ?? nowMs) >= settleMs;
    });
  };
  const claimedIn = (id: string): Claimed | undefined => {
    const place = join(own, id);
    const [name] = readdirSync(place, { withFileTypes: true }).flatMap((each) =>
      each.isFile() ? [each.name] : [],
    );
    if (name === undefined) return undefined;
    return { id, name, file: join(place, name), results: join(place, `${name}${resultsSuffix}`) };
  };
  return {
    claimed: () =>
      readdirSync(own, { withFileTypes: true })
        .filter((each) => each.isDirectory())
        .map(({ name }) => name)
        .sort()
        .flatMap((id) => claimedIn(id) ?? []),
    async finished(wait, signal) {
      const first = look();
      if (!wait || names().length === first.length) return first;
      // Timers may fire a moment early.
      await pause(settleMs + 10, undefined, { signal }).catch(() => undefined);
      return look();
    },
    claim(name) {
      const id = `${new Date().toISOString().replace(/[-:]/gu, '').replace('T', '-').slice(0, 15)}-${randomBytes(3).toString('hex')}`;
      mkdirSync(join(own, id));
      try {
        renameSync(join(folder, name), join(own, id, name));
      } catch (error) {
        rmdirSync(join(own, id));
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        // Still open elsewhere, as Windows has it: it is not finished.
        if (error instanceof Error && 'code' in error && (error.code === 'EBUSY' || error.code === 'EPERM'))
          return undefined;
        throw error;
      }
      seen.delete(name);
      return claimedIn(id);
    },
    // The file and its results go in one rename: never one without the other.
    file: ({ id }, end) => renameSync(join(own, id), join(folder, end, id)),
    [Symbol.dispose]: () => lock.release(),
  };
}

function folderAt(path: string): string {
  try {
    const folder = realpathSync(path);
    readdirSync(folder);
    return folder;
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Stop('run/no-folder', exitCode.usage, { facts: { folder: path, reason }, cause });
  }
}

function lockOf(own: string, path: string): { readonly release: () => void } {
  try {
    return takeLock(join(own, '.watcher'));
  } catch (error) {
    if (!(error instanceof Stop) || error.exit !== exitCode.locked) throw error;
    throw new Stop('run/already-watched', exitCode.locked, { facts: { folder: path }, cause: error });
  }
}

/** Size and time of last change; undefined where it is gone or no regular file. */
function markOf(file: string): string | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? `${found.size} ${found.mtimeMs} ${found.ino}` : undefined;
}
