/** Reads the other files whole: what they list of each shipment, added up, and what of them could not be read. Every row is in one of the counts. */
import type { SourceBook, SourceTable } from '../../formats/format.ts';
import type { DocumentSpec } from '../../model/document.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceRow } from '../../model/row.ts';
import type { Pack } from '../../pack/pack.ts';
import type { Cell } from './cell.ts';
import { findListedColumns, type ListedColumns } from './listed-columns.ts';
import { absentColumns, columnTwice, noTable, type TablePlace, tableText } from './listed-faults.ts';
import type { OwnCell } from './listed-numbers.ts';
import { readListedRow } from './listed-row.ts';
import type { Total } from './totals.ts';

export type Listed = {
  readonly plain: string;
  /** The first of its cells. */
  readonly bill: Cell;
  rows: number;
  /** One for each element of `comparedOf`; not counted up where the column is not there. */
  readonly totals: readonly Total[];
};

export type OtherFiles = {
  readonly files: readonly string[];
  readonly shipments: ReadonlyMap<string, Listed>;
  /** Rows below the headers that are not blank. */
  readonly rows: number;
  readonly problems: readonly Problem[];
};

export type Reading = {
  readonly spec: DocumentSpec;
  readonly pack: Pack;
  readonly shipments: Map<string, Listed>;
  /** Rows that belong to no bill: totals, notes, damage. */
  readonly withoutBill: Problem[];
  rows: number;
};

/** Throws `Stop` (exit 3) for a file in which no table has the needed columns, or a header word stands above two columns. */
export async function readOtherFiles(
  books: readonly SourceBook[],
  spec: DocumentSpec,
  pack: Pack,
): Promise<OtherFiles> {
  const reading: Reading = { spec, pack, shipments: new Map(), withoutBill: [], rows: 0 };
  const problems: Problem[] = [];
  for (const book of books) problems.push(...(await readBook(book, reading)));
  const { shipments, withoutBill, rows } = reading;
  const counted = [...shipments.values()].reduce((sum, each) => sum + each.rows, withoutBill.length);
  if (counted !== rows) throw new Error(`conservation broken: ${rows} rows of ${spec.name}, ${counted} told`);
  return { files: books.map(({ file }) => file), shipments, rows, problems: [...problems, ...withoutBill] };
}

async function readBook(book: SourceBook, reading: Reading): Promise<readonly Problem[]> {
  const { spec, pack } = reading;
  const problems: Problem[] = [...book.problems];
  let tables = 0;
  for (const table of book.tables) {
    const head = await firstRows(table);
    const [first] = head;
    if (!first) continue;
    const place: TablePlace = { file: book.file, ...(table.name === undefined ? {} : { sheet: table.name }) };
    const found = findListedColumns(head, spec, pack);
    if (!found) {
      const facts = { document: [spec.name], table: tableText(place) };
      const row = { ...place, line: first.line };
      problems.push({ code: 'document/sheet-left-out', severity: 'warning', row, facts });
      continue;
    }
    if (found.twice.length > 0) throw columnTwice(found, spec, place);
    tables += 1;
    problems.push(...absentColumns(found, spec, place));
    await readTable(table, found, { reading, place });
  }
  if (tables === 0) throw noTable(book.file, spec);
  return problems;
}

async function firstRows(table: SourceTable): Promise<readonly SourceRow[]> {
  for await (const chunk of table.rows()) return chunk;
  return [];
}

async function readTable(
  table: SourceTable,
  found: ListedColumns,
  { reading, place }: { readonly reading: Reading; readonly place: TablePlace },
): Promise<void> {
  const lastOwn = new Map<string, OwnCell>();
  for await (const chunk of table.rows()) {
    for (const row of chunk) {
      if (row.line <= found.line || row.cells.every((cell) => cell.trim() === '')) continue;
      reading.rows += 1;
      readListedRow(row, found, { reading, lastOwn, ref: { ...place, line: row.line } });
    }
  }
}
