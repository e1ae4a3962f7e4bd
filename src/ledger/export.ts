/** Writes all that a ledger holds as lines of JSON, also out of a damaged one, as far as it can be read. */
import { Stop, exitCode } from '../model/stop.ts';
import { unpack } from './checksum.ts';
import { Database, type Row } from './database.ts';
import { prepareLedgerPlace } from './place.ts';

/** In this order; with what each is ordered by, so that a broken page can be approached from both ends. */
const tables: readonly (readonly [table: string, order: readonly string[]])[] = [
  ['meta', ['id']],
  ['runs', ['id']],
  ['run_files', ['run', 'position']],
  ['run_results', ['run', 'position']],
  ['batches', ['id']],
  ['attempts', ['batch', 'number']],
  ['declarations', ['id']],
  ['versions', ['declaration', 'number']],
  ['bodies', ['id']],
  ['shipments', ['shipment', 'declaration']],
  ['receipts', ['id']],
  ['stray_receipts', ['key', 'receipt']],
  ['cursors', ['window']],
];

export type ExportedLedger = {
  readonly lines: number;
  /** Tables of which something could not be read. */
  readonly damaged: readonly string[];
};

/**
 * One line for each row: `{"table":…, column: value …}`; bytes as hexadecimal, packed texts unpacked. Where reading breaks
 * off, a line `{"table":…,"damage":…}` says so and reading goes on from the table's other end. Throws `Stop` where the file
 * is no SQLite file at all.
 */
export async function exportLedger(
  file: string,
  write: (line: string) => void | Promise<void>,
): Promise<ExportedLedger> {
  const place = await prepareLedgerPlace(file, { mayCreate: false });
  if (!place.exists) throw new Stop('ledger/not-found', exitCode.usage, { facts: { file: place.file } });
  const db = new Database(place.file, { readOnly: true });
  const damaged = new Set<string>();
  let lines = 0;
  try {
    db.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; BEGIN');
    for (const [table, order] of tables) {
      for (const line of linesOf(db, table, order)) {
        if ('damage' in line) damaged.add(table);
        lines += 1;
        await write(`${JSON.stringify(line)}\n`);
      }
    }
    return { lines, damaged: [...damaged] };
  } finally {
    db.close();
  }
}

type Line = { readonly table: string; readonly [column: string]: unknown };

function* linesOf(db: Database, table: string, order: readonly string[]): Generator<Line> {
  const seen = new Set<string>();
  for (const direction of ['', ' DESC']) {
    const sorted = order.map((column) => `${column}${direction}`).join(', ');
    try {
      for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY ${sorted}`).each()) {
        const place = JSON.stringify(order.map((column) => row[column]));
        if (seen.has(place)) break;
        seen.add(place);
        yield lineOf(table, row);
      }
      if (direction === '') return;
    } catch (error) {
      yield { table, damage: whereOf(error) };
    }
  }
}

function lineOf(table: string, row: Row): Line {
  const line: { table: string; [column: string]: unknown } = { table };
  for (const [column, value] of Object.entries(row)) {
    if (column === 'content') line[column] = unpack(value) ?? null;
    else line[column] = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  }
  return line;
}

/** Whatever keeps a table from being read, a missing column too, is damage here and no reason to give up the others. */
function whereOf(error: unknown): string {
  if (error instanceof Stop && typeof error.facts['where'] === 'string') return error.facts['where'];
  return error instanceof Error ? error.message : 'unreadable';
}
