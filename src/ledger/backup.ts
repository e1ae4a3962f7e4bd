/** Copies a ledger as it stands at one moment, also while a run writes to it, into a file that did not exist. */
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Stop, exitCode } from '../model/stop.ts';
import { syncFolderOf, syncPath } from './create-ledger.ts';
import { Database } from './database.ts';
import { openFileForReading } from './open-file.ts';
import { asStop } from './storage-failures.ts';

/** The copy is 0600, compact, and on the disk when this returns. Throws `Stop`: `ledger/backup-exists` (exit 2) rather than write over anything. */
export async function backupLedger(file: string, to: string): Promise<string> {
  const target = resolve(to);
  const { db, close } = await openFileForReading(file);
  try {
    copyWhole(db, target);
    return target;
  } finally {
    close();
  }
}

/** The same for another SQLite file that is one memory with the ledger. To be copied after it: what it knows beyond the ledger does no harm. */
export function backupBeside(file: string, target: string): void {
  const db = new Database(file, { readOnly: true });
  try {
    copyWhole(db, target);
  } finally {
    db.close();
  }
}

/** The same for an open database, which must have no transaction begun. Throws the same. */
export function copyWhole(db: Database, target: string): void {
  claim(target);
  try {
    db.prepare('VACUUM INTO ?').run(target);
    syncPath(target);
    syncFolderOf(target);
  } catch (error) {
    rmSync(target, { force: true });
    throw asStop(error, target);
  }
}

/** SQLite writes into an empty file that is there already, and leaves its permissions alone. */
function claim(target: string): void {
  try {
    closeSync(openSync(target, 'wx', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw backupExists(target);
    throw asStop(error, target);
  }
}

/** Throws where something is there: before the first of several files is written. */
export function refuseExisting(target: string): void {
  if (existsSync(target)) throw backupExists(target);
}

function backupExists(file: string): Stop {
  return new Stop('ledger/backup-exists', exitCode.usage, { facts: { file } });
}
