/** What the tests of workbooks share: a fresh file, a book read to its end, rows in the shape of the fixtures. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExpectedRow, ExpectedTable } from '../../../fixtures/making/xlsx-expected.ts';
import type { ReadOptions, SourceBook } from '../../../src/formats/format.ts';
import { xlsx } from '../../../src/formats/xlsx/index.ts';
import type { SourceRow } from '../../../src/model/row.ts';
import { Stop } from '../../../src/model/stop.ts';

const letters = 'tndbeu';

export function shown(row: SourceRow): ExpectedRow {
  const notes = row.notes?.toSorted((a, b) => a.column - b.column);
  return {
    line: row.line,
    cells: row.cells,
    ...(row.kinds === undefined
      ? {}
      : { kinds: Array.from(row.kinds, (kind) => letters.charAt(kind)).join('') }),
    ...(notes === undefined || notes.length === 0
      ? {}
      : {
          notes: notes.map(({ column, kind, raw }) =>
            raw === undefined ? [column, kind] : [column, kind, raw],
          ),
        }),
    ...(row.isHidden === undefined ? {} : { isHidden: row.isHidden }),
  };
}

export async function tablesOf(book: SourceBook): Promise<ExpectedTable[]> {
  const tables: ExpectedTable[] = [];
  for (const table of book.tables) {
    const rows: ExpectedRow[] = [];
    for await (const chunk of table.rows()) rows.push(...chunk.map(shown));
    tables.push({ name: table.name ?? '', ...(table.isHidden ? { isHidden: true } : {}), rows });
  }
  return tables;
}

export type Reading = {
  readonly tables: readonly ExpectedTable[];
  readonly problems: readonly string[];
  readonly book: SourceBook;
};

export async function readFile(path: string, options: ReadOptions = {}): Promise<Reading> {
  const book = await xlsx.open(path, options);
  try {
    return { tables: await tablesOf(book), problems: book.problems.map(({ code }) => code), book };
  } finally {
    await book.close();
  }
}

/** Runs with a file of its own in a folder of its own, both gone afterwards. */
export async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-test-'));
  try {
    const path = join(folder, '货物.xlsx');
    await writeFile(path, bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const readBytes = (bytes: Uint8Array, options: ReadOptions = {}): Promise<Reading> =>
  withFile(bytes, (path) => readFile(path, options));

export async function stopOf(work: Promise<unknown>): Promise<Stop> {
  const error = await work.then(
    () => new Error('nothing was refused'),
    (error: unknown) => error,
  );
  if (error instanceof Stop) return error;
  throw error;
}
