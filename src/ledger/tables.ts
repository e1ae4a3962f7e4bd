/** All tables of an open ledger, and the numbers of their next rows. */
import { BatchesTable } from './batches-table.ts';
import type { Database } from './database.ts';
import { DeclarationsTable } from './declarations-table.ts';
import { ReceiptsTable } from './receipts-table.ts';
import { ResultsTable } from './results-table.ts';
import { RunsTable } from './runs-table.ts';
import { ShipmentsTable } from './shipments-table.ts';
import { VersionsTable } from './versions-table.ts';

type Numbered = 'runs' | 'declarations' | 'batches' | 'bodies';

export type Tables = {
  readonly runs: RunsTable;
  readonly results: ResultsTable;
  readonly batches: BatchesTable;
  readonly declarations: DeclarationsTable;
  readonly shipments: ShipmentsTable;
  readonly versions: VersionsTable;
  readonly receipts: ReceiptsTable;
  /** One above the highest ever given in this opening: a rolled-back transaction leaves a gap, never a number used twice. */
  readonly nextId: (table: Numbered) => number;
};

export function openTables(db: Database): Tables {
  const last = new Map<Numbered, number>();
  return {
    runs: new RunsTable(db),
    results: new ResultsTable(db),
    batches: new BatchesTable(db),
    declarations: new DeclarationsTable(db),
    shipments: new ShipmentsTable(db),
    versions: new VersionsTable(db),
    receipts: new ReceiptsTable(db),
    nextId(table) {
      const next = (last.get(table) ?? highest(db, table)) + 1;
      last.set(table, next);
      return next;
    },
  };
}

function highest(db: Database, table: Numbered): number {
  const row = db.prepare(`SELECT max(id) AS id FROM ${table}`).get();
  return Number(row?.['id'] ?? 0);
}
