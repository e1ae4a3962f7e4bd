/** Is this file a ledger, is it whole, and did it come as far as we know it had come? Asked at each opening, before anything is believed. */
import { Stop, exitCode } from '../model/stop.ts';
import type { Meta } from './binding.ts';
import { Database } from './database.ts';
import {
  applicationId,
  migrate,
  migrations,
  schemaText,
  schemaVersion,
  type Migrations,
} from './migrations.ts';
import type { GuardMark } from './guard.ts';
import { isSealedId, sealSchema } from './seal.ts';
import { damaged } from './storage-failures.ts';

/** Ours, and not newer than this program. */
export function checkIdentity(db: Database, steps: Migrations = migrations): void {
  const { file } = db;
  const id = db.pragma('application_id');
  if (id !== applicationId && !isSealedId(id)) {
    // A ledger's first page names it before any row is written: an unnamed one was damaged or is another program's.
    throw new Stop('ledger/not-a-ledger', exitCode.storage, { facts: { file } });
  }
  const version = schemaVersion(db);
  if (version > steps.length) {
    throw new Stop('ledger/newer', exitCode.storage, { facts: { file, version, known: steps.length } });
  }
  if (version < 1) throw damaged(file, 'user_version');
}

/** The catalogue of tables and indexes must be the one that the migrations make, letter by letter. */
export function checkSchema(db: Database, steps: Migrations = migrations): void {
  const reference = new Database(':memory:');
  migrate(reference, steps.slice(0, schemaVersion(db)));
  if (isSealedId(db.pragma('application_id'))) reference.exec(sealSchema);
  const expected = schemaText(reference);
  reference.close();
  if (schemaText(db) !== expected) throw damaged(db.file, 'sqlite_schema');
}

/** Every page, and every index against its table: an index that hides a key would let its declaration be lodged twice. About 0.5 s for 100,000 declarations. */
export function checkPages(db: Database): void {
  for (const check of ['integrity_check(1)', 'foreign_key_check']) {
    const said = db.pragma(check);
    if (said !== 'ok' && said !== undefined) throw damaged(db.file, String(said));
  }
}

/** Throws `ledger/rolled-back` where the guard file has seen a later commit of this very ledger: an older copy, or a lost log. */
export function checkGeneration(file: string, meta: Meta, guard: GuardMark | undefined): void {
  if (guard === undefined || guard.ledger !== meta.ledger || guard.generation <= meta.generation) return;
  throw new Stop('ledger/rolled-back', exitCode.storage, {
    facts: {
      file,
      found: meta.generation,
      expected: guard.generation,
      lost: guard.generation - meta.generation,
    },
  });
}
