/** Moves a ledger to another place: a proved copy there, the old one sealed, and at no moment two that can send. */
import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Stop, exitCode } from '../model/stop.ts';
import { backupBeside, copyWhole } from './backup.ts';
import { readMeta, type WindowBinding } from './binding.ts';
import { syncFolderOf, syncPath } from './create-ledger.ts';
import { Database } from './database.ts';
import { Guard, readGuard } from './guard.ts';
import { checkGeneration, checkIdentity, checkSchema } from './health.ts';
import { takeLock } from './lock.ts';
import { openFileForWriting, type OpenFile } from './open-file.ts';
import { prepareLedgerPlace } from './place.ts';
import { liftSeal, putSeal, readSeal, sealed, type Seal } from './seal.ts';
import { asStop, damaged } from './storage-failures.ts';
import { verifyLedger } from './verify.ts';

export type MoveOptions = {
  readonly file: string;
  readonly to: string;
  readonly now: () => Date;
  /** SQLite files that are one memory with a ledger of this window and go with it. */
  readonly beside: (window: WindowBinding) => readonly string[];
};

export type Moved = {
  readonly from: string;
  readonly to: string;
  /** The files beside it, where they lie now. */
  readonly beside: readonly string[];
};

/**
 * The old ledger is sealed ("moving") before it is copied, so that the copy is born sealed; once the copy is proved and in
 * its place, the old one says "moved", and then the copy's seal is lifted. A failure before that lifts the old one's seal
 * again; a crash leaves both sealed, and the same command goes on from there. Throws `Stop`: `ledger/move-place-taken`, or
 * `ledger/moved` where it is somewhere else already (exit 2).
 */
export async function moveLedger({ file, to, now, beside }: MoveOptions): Promise<Moved> {
  const place = await prepareLedgerPlace(to, { mayCreate: true });
  const opened = await openFileForWriting({ file, now, command: 'ledger move', evenSealed: true });
  try {
    const from = opened.db.file;
    if (from === place.file) throw taken(place.file);
    const lock = takeLock(place.file);
    try {
      const there = place.exists ? lookAt(place.file) : undefined;
      const besides = new Map(
        beside(opened.meta.window).map((each) => [each, join(dirname(place.file), nameBeside(each, from))]),
      );
      const end = { opened, target: place.file, there, besides, now };
      if (opened.seal?.phase === 'moved') finish(opened.seal, end);
      else await carry(end);
      return { from, to: place.file, beside: [...besides.values()] };
    } finally {
      lock.release();
    }
  } finally {
    opened.close();
  }
}

/** A file that a backup brought along is named after it: in a new place it has its usual name again. */
function nameBeside(file: string, ledger: string): string {
  const name = basename(file);
  const start = `${basename(ledger)}.`;
  return name.startsWith(start) ? name.slice(start.length) : name;
}

/** A ledger that lies at the new place already. */
type There = { readonly ledger: string; readonly seal: Seal | undefined };

type Move = {
  readonly opened: OpenFile;
  readonly target: string;
  readonly there: There | undefined;
  readonly besides: ReadonlyMap<string, string>;
  readonly now: () => Date;
};

async function carry({ opened, target, there, besides, now }: Move): Promise<void> {
  const { db, meta } = opened;
  // What an interrupted move left, or the ledger itself left when it was moved from there, gives way.
  const isSealedCopy = there?.ledger === meta.ledger && there.seal !== undefined;
  if (there !== undefined && !isSealedCopy) throw taken(target);
  checkGeneration(target, meta, readGuard(target));
  const seal = { place: target, at: now().toISOString(), token: randomUUID() };
  db.transaction(() => putSeal(db, { phase: 'moving', ...seal }));
  try {
    for (const [from, to] of besides) {
      if (from === to) continue;
      if (!isSealedCopy && existsSync(to)) throw taken(to);
      copyBeside(from, to);
    }
    await bring(db, target);
  } catch (error) {
    db.transaction(() => liftSeal(db));
    throw error;
  }
  db.transaction(() => putSeal(db, { phase: 'moved', ...seal }));
  openUp(target);
}

/** It said "moved" already: nothing is copied a second time. */
function finish(seal: Seal, { opened, target, there }: Move): void {
  const isOurs = there?.ledger === opened.meta.ledger;
  if (isOurs && there.seal?.phase === 'moving' && there.seal.token === seal.token) return openUp(target);
  if (!isOurs || there.seal !== undefined) throw sealed(opened.db.file, seal);
}

/** The file at the new place, its write-ahead log written back. */
function lookAt(file: string): There {
  const db = new Database(file);
  try {
    checkIdentity(db);
    db.configure();
    checkSchema(db);
    db.foldLog();
    return { ledger: readMeta(db).ledger, seal: readSeal(db) };
  } catch (error) {
    throw error instanceof Stop && error.code === 'ledger/not-a-ledger' ? taken(file) : error;
  } finally {
    db.close();
  }
}

/** Ahead of the old one, which still counts its last commit: moved back, it is not taken for an older copy. */
async function bring(db: Database, target: string): Promise<void> {
  const draft = `${target}.moving`;
  for (const old of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(old, { force: true });
  copyWhole(db, draft);
  const copy = new Database(draft);
  try {
    copy.configure();
    copy.transaction(() => copy.exec('UPDATE meta SET generation = generation + 2'));
    copy.foldLog();
  } finally {
    copy.close();
  }
  const { findings } = await verifyLedger(draft);
  if (findings[0] !== undefined) throw damaged(db.file, findings[0]);
  settle(draft, target);
}

/** From here on the ledger is the one at its new place. */
function openUp(file: string): void {
  const db = new Database(file);
  try {
    db.configure();
    db.transaction(() => liftSeal(db));
    const { ledger, generation } = readMeta(db);
    const guard = new Guard(file);
    guard.write({ ledger, generation });
    guard.close();
  } finally {
    db.close();
  }
}

function copyBeside(file: string, target: string): void {
  const draft = `${target}.moving`;
  rmSync(draft, { force: true });
  backupBeside(file, draft);
  settle(draft, target);
}

/** A log of what lay there before would be taken for this file's own. */
function settle(draft: string, target: string): void {
  try {
    syncPath(draft);
    for (const log of [`${target}-wal`, `${target}-shm`]) rmSync(log, { force: true });
    renameSync(draft, target);
    syncFolderOf(target);
  } catch (error) {
    throw asStop(error, target);
  }
}

function taken(file: string): Stop {
  return new Stop('ledger/move-place-taken', exitCode.usage, { facts: { file } });
}
