/** Opens a ledger: finds its place, takes its lock, proves that it is whole and ours, and brings its schema up to date. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { pid, platform } from 'node:process';
import { Stop, exitCode } from '../model/stop.ts';
import { checkBinding, readMeta, writeMeta, type WindowBinding } from './binding.ts';
import { Database } from './database.ts';
import { Guard, guardFileOf, readGuard, type Holder } from './guard.ts';
import { checkGeneration, checkIdentity, checkPages, checkSchema } from './health.ts';
import { takeLock } from './lock.ts';
import { migrate } from './migrations.ts';
import { prepareLedgerPlace, type LedgerPlace } from './place.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { asStop, damaged } from './storage-failures.ts';

export type OpenLedgerOptions = {
  /** The folder is made where it is missing (0700); the file is 0600. */
  readonly file: string;
  readonly now: () => Date;
} & (
  | {
      /** For the one run that lodges: takes the lock, makes the ledger where there is none. */
      readonly mode: 'write';
      readonly window: WindowBinding;
      /** Shown to those who find the ledger locked, until `beginRun` says more. */
      readonly command?: string;
    }
  /** For looking: also while a run holds the lock; never makes or changes anything. The window is checked where given. */
  | { readonly mode: 'read'; readonly window?: WindowBinding }
);

/** Throws `Stop`: exit 2 where the place or the window is wrong, 11 where another run holds it, 74 where it is not whole. */
export async function openLedger(options: OpenLedgerOptions): Promise<SqliteLedger> {
  const place = await prepareLedgerPlace(options.file, { mayCreate: options.mode === 'write' });
  if (options.mode === 'read') return openForReading(place, options.window);
  return openForWriting(place, options.window, options);
}

function openForReading(
  { file, exists, bytes }: LedgerPlace,
  window: WindowBinding | undefined,
): SqliteLedger {
  if (!exists) {
    checkAbsence(file);
    throw new Stop('ledger/not-found', exitCode.usage, { facts: { file } });
  }
  checkSize(file, bytes);
  const db = new Database(file, { readOnly: true });
  try {
    checkIdentity(db);
    db.configure({ readOnly: true });
    checkSchema(db);
    const meta = readMeta(db);
    if (window !== undefined) checkBinding(file, meta.window, window);
    return new SqliteLedger(db, meta.window, { onRun: () => {}, onClose: () => {} });
  } catch (error) {
    db.close();
    throw error;
  }
}

type Writing = { readonly now: () => Date; readonly command?: string };

function openForWriting(
  { file, exists, bytes }: LedgerPlace,
  window: WindowBinding,
  { now, command }: Writing,
): SqliteLedger {
  const lock = takeLock(file);
  let db: Database | undefined;
  let guard: Guard | undefined;
  try {
    if (exists) checkSize(file, bytes);
    else create(file, window, now);
    db = new Database(file);
    checkIdentity(db);
    db.configure();
    checkSchema(db);
    checkPages(db);
    const meta = readMeta(db);
    checkGeneration(file, meta, readGuard(file));
    checkBinding(file, meta.window, window);
    migrate(db);
    guard = new Guard(file);
    const opened = { db, guard };
    const mark = countCommits(opened, meta, {
      pid,
      host: hostname(),
      since: now().toISOString(),
      command: command ?? '',
      run: '',
    });
    return new SqliteLedger(db, meta.window, {
      onRun: (run, name) => mark({ run, command: name }),
      onClose: () => {
        mark(undefined);
        opened.guard.close();
        lock.release();
      },
    });
  } catch (error) {
    db?.close();
    guard?.close();
    lock.release();
    throw asStop(error, file);
  }
}

/** Keeps the generation in the ledger and in the guard file; returns what changes the holder shown there. */
function countCommits(
  { db, guard }: { readonly db: Database; readonly guard: Guard },
  meta: { readonly ledger: string; readonly generation: number },
  first: Holder,
): (change: Partial<Holder> | undefined) => void {
  const bump = db.prepare('UPDATE meta SET generation = generation + 1');
  let generation = meta.generation;
  let holder: Holder | undefined = first;
  const write = (): void =>
    guard.write({ ledger: meta.ledger, generation, ...(holder === undefined ? {} : { holder }) });
  db.beforeCommit = () => {
    if (bump.run() !== 1) throw damaged(db.file, 'meta');
  };
  db.afterCommit = () => {
    generation += 1;
    write();
  };
  write();
  return (change) => {
    holder = change === undefined || holder === undefined ? undefined : { ...holder, ...change };
    write();
  };
}

/** Made whole beside its place and then renamed into it: no moment leaves half a ledger behind. */
function create(file: string, window: WindowBinding, now: () => Date): void {
  checkAbsence(file);
  const draft = `${file}.new`;
  for (const old of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(old, { force: true });
  closeSync(openSync(draft, 'wx', 0o600));
  const db = new Database(draft);
  db.configure();
  migrate(db);
  db.transaction(() =>
    writeMeta(db, { ledger: randomUUID(), window, createdAt: now().toISOString(), generation: 0 }),
  );
  db.close();
  sync(draft);
  renameSync(draft, file);
  if (platform !== 'win32') sync(dirname(file));
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A ledger that was here and is gone is not an empty one. */
function checkAbsence(file: string): void {
  const guard = readGuard(file);
  if (guard === undefined) return;
  throw new Stop('ledger/missing', exitCode.storage, {
    facts: { file, guard: guardFileOf(file), commits: guard.generation },
  });
}

/** We never leave an empty file: it was cut off, or made by someone else. */
function checkSize(file: string, bytes: number): void {
  if (bytes === 0) throw new Stop('ledger/emptied', exitCode.storage, { facts: { file } });
}
