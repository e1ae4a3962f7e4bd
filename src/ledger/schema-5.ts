/**
 * Version 5 of the ledger's schema: our number of each declaration at the import interface (`ClientSeqNo`), one number for one
 * key. In `declarations`, `sum` covers it after the columns before it.
 */
import { clientSeqNoOf, parseDeclarationKey } from '../model/ids.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';
import type { Database } from './database.ts';

export const schema5 = {
  sql: `
ALTER TABLE declarations ADD COLUMN client_seq_no TEXT;
CREATE UNIQUE INDEX declarations_by_client_seq_no ON declarations (client_seq_no);
`,
  fill,
};

const pageSize = 1000;

/** Gives each declaration lodged before its number. A row whose old sum does not hold is damage, and gets no new one. */
function fill(db: Database): void {
  const page = db.prepare('SELECT * FROM declarations WHERE id > ? ORDER BY id LIMIT ?');
  const update = db.prepare('UPDATE declarations SET client_seq_no = ?, sum = ? WHERE id = ?');
  for (let last = 0; ;) {
    const rows = page.all(last, pageSize);
    for (const row of rows) {
      const reader = new RowReader(row, db.file, 'declarations');
      const key = reader.parsed('key', parseDeclarationKey(reader.text('key')));
      last = reader.number('id');
      const before = [
        last,
        key,
        reader.number('version'),
        reader.text('state'),
        reader.number('run'),
        reader.optionalText('entry_id'),
        reader.text('intended_at'),
        reader.text('changed_at'),
      ];
      reader.checkSum(sumOf(before));
      const number = clientSeqNoOf(key);
      update.run(number, sumOf([...before, number]), last);
    }
    if (rows.length < pageSize) return;
  }
}
