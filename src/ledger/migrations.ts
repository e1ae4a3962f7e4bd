/** The ledger's schema, version by version: each step is SQL, and what it fills in, run once in one transaction and never edited afterwards. */
import type { Database } from './database.ts';
import { schema1 } from './schema-1.ts';
import { schema2 } from './schema-2.ts';
import { schema3 } from './schema-3.ts';
import { schema4 } from './schema-4.ts';
import { schema5 } from './schema-5.ts';

/** `decl` in ASCII: how a ledger is told from any other SQLite file. */
export const applicationId = 0x6465636c;

export type Migration = string | { readonly sql: string; readonly fill: (db: Database) => void };

/** Step n makes version n out of version n − 1. */
export type Migrations = readonly Migration[];

export const migrations: Migrations = [schema1, schema2, schema3, schema4, schema5];

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version'));
}

/** Brings the ledger to the newest version; each step commits by itself, so that a crash between two leaves a valid older one. */
export function migrate(db: Database, steps: Migrations = migrations): void {
  for (const [index, step] of steps.entries()) {
    if (index < schemaVersion(db)) continue;
    db.transaction(() => {
      db.exec(typeof step === 'string' ? step : step.sql);
      if (typeof step !== 'string') step.fill(db);
      // A sealed ledger keeps the id that says so.
      if (index === 0) db.exec(`PRAGMA application_id=${applicationId}`);
      db.exec(`PRAGMA user_version=${index + 1}`);
    });
  }
}

/** What SQLite's own catalogue says about tables and indexes: equal for equal schemas, and different for a damaged one. */
export function schemaText(db: Database): string {
  const rows = db
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name",
    )
    .all();
  return JSON.stringify(rows);
}
