/** Opens the file of a ledger: its place, its lock, the proof that it is whole and ours, and its schema brought up to date. */
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { Stop, exitCode } from '../model/stop.ts';
import { checkBinding, readMeta, type Meta, type WindowBinding } from './binding.ts';
import { createLedger, syncFolderOf } from './create-ledger.ts';
import { Database } from './database.ts';
import { announceHolder, Guard, guardFileOf, readGuard, type Holder } from './guard.ts';
import { checkGeneration, checkIdentity, checkPages, checkSchema } from './health.ts';
import { takeLock } from './lock.ts';
import { migrate } from './migrations.ts';
import { prepareLedgerPlace } from './place.ts';
import { readSeal, sealed, type Seal } from './seal.ts';
import { asStop, damaged } from './storage-failures.ts';

export type OpenFile = {
  readonly db: Database;
  readonly meta: Meta;
  /** Of a ledger that was moved away: it can be read, and nothing may be sent from it. */
  readonly seal: Seal | undefined;
  /** Changes what those are told who find the ledger locked. */
  readonly setHolder: (change: Partial<Holder>) => void;
  readonly close: () => void;
};

export type WriteOptions = {
  readonly file: string;
  readonly now: () => Date;
  /** Makes the ledger where there is none; absent: whatever window it is bound to, and it must exist. */
  readonly window?: WindowBinding;
  readonly command?: string;
  /** For what sends nothing: opens a sealed ledger too. */
  readonly evenSealed?: boolean;
};

/** For looking, also while a run holds the lock. Makes and changes nothing. */
export async function openFileForReading(path: string, window?: WindowBinding): Promise<OpenFile> {
  const { file, exists, bytes } = await prepareLedgerPlace(path, { mayCreate: false });
  if (!exists) throw absent(file);
  checkSize(file, bytes);
  const db = new Database(file, { readOnly: true });
  try {
    checkIdentity(db);
    db.configure({ readOnly: true });
    checkSchema(db);
    const meta = readMeta(db);
    if (window !== undefined) checkBinding(file, meta.window, window);
    return { db, meta, seal: readSeal(db), setHolder: () => {}, close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Takes the lock until `close`. */
export async function openFileForWriting(options: WriteOptions): Promise<OpenFile> {
  const { window, now, command } = options;
  const { file, exists, bytes } = await prepareLedgerPlace(options.file, { mayCreate: window !== undefined });
  if (!exists && window === undefined) throw absent(file);
  const lock = takeLock(file);
  const holder = { pid, host: hostname(), since: now().toISOString(), command: command ?? '', run: '' };
  let db: Database | undefined;
  let guard: Guard | undefined;
  let withdraw = (): void => undefined;
  try {
    withdraw = announceHolder(file, holder);
    if (exists) checkSize(file, bytes);
    else if (window !== undefined) createWhereNoneWas(file, window, now);
    db = new Database(file);
    const { meta, seal } = prove(db, options);
    guard = new Guard(file);
    // SQLite asks for the folder too, and goes on where that fails: then the log's name, and with it the log, could be lost.
    syncFolderOf(file);
    const setHolder = countCommits(db, guard, meta, holder);
    const opened = { db, guard };
    const close = (): void => {
      try {
        opened.db.close();
        setHolder(undefined);
      } catch (error) {
        // Who held it matters no more, and a full disk was told before; what was committed is in the ledger or its log.
        if (!(asStop(error, file) instanceof Stop)) throw error;
      } finally {
        opened.guard.close();
        lock.release();
      }
    };
    return { db, meta, seal, setHolder, close };
  } catch (error) {
    db?.close();
    guard?.close();
    withdraw();
    lock.release();
    throw asStop(error, file);
  }
}

/** Nothing is believed, and nothing written, before all of this holds. */
function prove(
  db: Database,
  { window, evenSealed }: WriteOptions,
): { readonly meta: Meta; readonly seal: Seal | undefined } {
  checkIdentity(db);
  db.configure();
  checkSchema(db);
  const seal = readSeal(db);
  if (seal !== undefined && !(evenSealed ?? false)) throw sealed(db.file, seal);
  checkPages(db);
  const meta = readMeta(db);
  checkGeneration(db.file, meta, readGuard(db.file));
  if (window !== undefined) checkBinding(db.file, meta.window, window);
  migrate(db);
  return { meta, seal };
}

/** Keeps the generation in the ledger and in the guard file; returns what changes, or ends, the holder shown there. */
function countCommits(
  db: Database,
  guard: Guard,
  meta: Meta,
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

function createWhereNoneWas(file: string, window: WindowBinding, now: () => Date): void {
  if (readGuard(file) !== undefined) throw absent(file);
  createLedger(file, window, now);
}

/** A ledger that was here and is gone is not an empty one. */
function absent(file: string): Stop {
  const guard = readGuard(file);
  if (guard === undefined) return new Stop('ledger/not-found', exitCode.usage, { facts: { file } });
  const facts = { file, guard: guardFileOf(file), commits: guard.generation };
  return new Stop('ledger/missing', exitCode.storage, { facts });
}

/** We never leave an empty file: it was cut off, or made by someone else. */
function checkSize(file: string, bytes: number): void {
  if (bytes === 0) throw new Stop('ledger/emptied', exitCode.storage, { facts: { file } });
}
