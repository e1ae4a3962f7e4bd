/** The table of what became of the rows of each run: stretches of text, in their order, which the ledger does not read. */
import { RowReader } from './cells.ts';
import { pack, sumOf, unpack } from './checksum.ts';
import type { Database } from './database.ts';
import { schemaVersion } from './migrations.ts';

export class ResultsTable {
  readonly #db: Database;
  /** A ledger that is only looked at may be of a version without this table. */
  readonly #exists: boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#exists = schemaVersion(db) >= 3;
  }

  insert(run: number, text: string): void {
    const { last } =
      this.#db.prepare('SELECT max(position) AS last FROM run_results WHERE run = ?').get(run) ?? {};
    const position = last === null || last === undefined ? 0 : Number(last) + 1;
    this.#db
      .prepare('INSERT INTO run_results VALUES (?, ?, ?, ?)')
      .run(run, position, pack(text), sumOf([run, position, text]));
  }

  *ofRun(run: number): Generator<string> {
    if (!this.#exists) return;
    let expected = 0;
    for (const row of this.#db
      .prepare('SELECT * FROM run_results WHERE run = ? ORDER BY position')
      .each(run)) {
      const reader = new RowReader(row, this.#db.file, 'run_results');
      if (reader.number('position') !== expected) reader.fail('position');
      const text = reader.parsed('content', unpack(reader.cell('content')));
      reader.checkSum(sumOf([run, expected, text]));
      expected += 1;
      yield text;
    }
  }

  delete(run: number): void {
    if (this.#exists) this.#db.prepare('DELETE FROM run_results WHERE run = ?').run(run);
  }
}
