/** Makes a new ledger whole beside its place and then renames it there: no moment leaves half a ledger behind. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import { writeMeta, type WindowBinding } from './binding.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';

/** Only the holder of the ledger's lock may call it, and only where no file is. */
export function createLedger(file: string, window: WindowBinding, now: () => Date): void {
  const draft = `${file}.new`;
  for (const old of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(old, { force: true });
  closeSync(openSync(draft, 'wx', 0o600));
  const db = new Database(draft);
  try {
    db.configure();
    migrate(db);
    const ledger = randomUUID();
    db.transaction(() => writeMeta(db, { ledger, window, createdAt: now().toISOString(), generation: 0 }));
    // Closing would do it too, and keep quiet about a failure.
    db.foldLog();
  } finally {
    db.close();
  }
  syncPath(draft);
  renameSync(draft, file);
  syncFolderOf(file);
}

/** To the disk. The file must not be open in SQLite: closing it here would drop SQLite's locks (POSIX). */
export function syncPath(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Windows has no such thing: there the rename itself is journalled. */
export function syncFolderOf(file: string): void {
  if (platform === 'win32') return;
  const fd = openSync(dirname(file), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
