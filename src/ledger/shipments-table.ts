/** The table of shipments: which declarations carry the same bill of lading. */
import { parseDeclarationKey, type DeclarationKey } from '../model/ids.ts';
import type { Database } from './database.ts';
import { schemaVersion } from './migrations.ts';

/** A shipment of thousands, where a clerk wrote the same placeholder everywhere, must not cost thousands of keys for each of them. */
const mostKeys = 6;

export class ShipmentsTable {
  readonly #db: Database;
  /** A ledger that is only looked at may be of a version without this table. */
  readonly #exists: boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#exists = schemaVersion(db) >= 4;
  }

  insert(shipment: string, declaration: number): void {
    this.#db.prepare('INSERT OR IGNORE INTO shipments VALUES (?, ?)').run(shipment, declaration);
  }

  /** Keys of the first six declarations of a shipment, in the order in which they were first intended. */
  keysOf(shipment: string): readonly DeclarationKey[] {
    if (!this.#exists) return [];
    const rows = this.#db
      .prepare(
        'SELECT d.key FROM shipments s JOIN declarations d ON d.id = s.declaration WHERE s.shipment = ? ORDER BY s.declaration LIMIT ?',
      )
      .all(shipment, mostKeys);
    return rows.flatMap(({ key }) => parseDeclarationKey(String(key)) ?? []);
  }
}
