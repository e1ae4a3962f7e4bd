/** One run for each ledger: a lock of the operating system, which ends with its holder however that holder ends. */
import { closeSync, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { Stop, exitCode } from '../model/stop.ts';
import { Database } from './database.ts';
import { readGuard } from './guard.ts';
import { asStop } from './storage-failures.ts';

export type Lock = { readonly release: () => void };

/**
 * Takes the lock or throws `ledger/locked` (exit 11) at once. It is an open exclusive transaction on an empty SQLite file
 * beside the ledger: SQLite's file locks work alike on every system, and the kernel frees them on `kill -9`.
 */
export function takeLock(ledger: string): Lock {
  const file = `${ledger}.lock`;
  makeFile(file);
  const db = new Database(file, { busyTimeoutMs: 0 });
  try {
    db.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Stop && error.code === 'ledger/busy') throw lockedBy(ledger);
    throw error;
  }
  return { release: () => db.close() };
}

/** An existing lock file is never opened here: closing it would drop the lock that this very process may hold on it (POSIX). */
function makeFile(file: string): void {
  try {
    if (existsSync(file)) return checkKind(file);
    closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return checkKind(file);
    throw asStop(error, file);
  }
}

function checkKind(file: string): void {
  if (!lstatSync(file).isFile())
    throw new Stop('ledger/not-a-file', exitCode.usage, { facts: { file, kind: 'symlink' } });
}

/** Who holds it is told by the guard file; `?` where the holder has only just begun. */
function lockedBy(ledger: string): Stop {
  const holder = readGuard(ledger)?.holder;
  return new Stop('ledger/locked', exitCode.locked, {
    facts: {
      file: ledger,
      pid: holder?.pid ?? '?',
      host: holder?.host ?? '?',
      since: holder?.since ?? '?',
      command: holder === undefined || holder.command === '' ? '?' : holder.command,
      run: holder === undefined || holder.run === '' ? '?' : holder.run,
    },
  });
}
