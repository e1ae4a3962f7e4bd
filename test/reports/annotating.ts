/** Annotates a file of a test with results made by hand, and reads what came of it. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceBook } from '../../src/formats/format.ts';
import { openBook } from '../../src/formats/index.ts';
import { openOutputBytes, openOutputFile } from '../../src/io.ts';
import { isResultLabel } from '../../src/model/own-marks.ts';
import { parseEntryId } from '../../src/model/ids.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { RowResult, RunSummary } from '../../src/model/result.ts';
import type { RowRef } from '../../src/model/row.ts';
import { annotatedReport } from '../../src/reports/annotated/report.ts';
import { convertedBy } from './libre-office.ts';
import { contextIn, summaryOf } from './sample.ts';

export { convertedBy };

/** What is wrong with a cell: as `contextIn` knows the code. */
export function faultAt(row: RowRef, column: number, value = 'x'): Problem {
  return {
    code: 'code/unknown',
    severity: 'error',
    row,
    column,
    header: 'H',
    value,
    facts: { list: 'L', candidates: ['one'] },
  };
}

export type Told = (ref: RowRef, at: number) => readonly Problem[];

/** Every row but the first of each table is a row of the results; what `told` says of it is wrong with it. */
export async function resultsOf(book: SourceBook, told: Told): Promise<RowResult[]> {
  const results: RowResult[] = [];
  for (const { name, rows } of book.tables) {
    if (name !== undefined && isResultLabel(name)) continue;
    let at = -1;
    for await (const chunk of rows())
      for (const { line } of chunk) {
        at += 1;
        if (at === 0) continue;
        const ref: RowRef = { file: book.file, ...(name === undefined ? {} : { sheet: name }), line };
        const problems = told(ref, at);
        const entryId = parseEntryId(`09022026${'1'.padStart(10, '0')}`);
        const accepted = { outcome: 'accepted', ...(entryId === undefined ? {} : { entryId }) } as const;
        results.push({
          ref,
          decision: {
            rows: [ref],
            ...(problems.length > 0 ? { outcome: 'set-aside' } : accepted),
            receipts: [],
            problems,
            filled: [],
          },
        });
      }
  }
  return results;
}

export type Annotated = { readonly path: string; readonly original: Buffer };

/** The first row of each table is its header. */
async function placesIn(book: SourceBook): Promise<NonNullable<RunSummary['tables']>> {
  const places = [];
  for (const { name, rows } of book.tables)
    for await (const [first] of rows()) {
      if (first === undefined) continue;
      const resultColumns = first.cells.flatMap((cell, column) => (isResultLabel(cell) ? [column] : []));
      places.push({
        file: book.file,
        ...(name === undefined ? {} : { sheet: name }),
        headerLine: first.line,
        lastHeaderLine: first.line,
        resultColumns,
      });
      break;
    }
  return places;
}

/** Into `folder`, which may not be there yet. */
export async function annotate(
  path: string,
  folder: string,
  told: Told,
  given: Partial<RunSummary> = {},
): Promise<Annotated> {
  const book = await openBook(path);
  try {
    await mkdir(folder, { recursive: true });
    const report = await annotatedReport({
      context: contextIn('en'),
      inputs: [book],
      openText: (name) => openOutputFile(join(folder, name)),
      openBytes: (name) => openOutputBytes(join(folder, name)),
    });
    await report.add(await resultsOf(book, told));
    const [written = ''] = await report.end({ ...summaryOf(), tables: await placesIn(book), ...given });
    return { path: written, original: await readFile(path) };
  } finally {
    await book.close();
  }
}

/** Every part's text, by its name. */
export async function partsOf(path: string): Promise<ReadonlyMap<string, string>> {
  const book = await openBook(path);
  try {
    const parts = new Map<string, string>();
    for (const part of book.package?.parts ?? []) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of book.package?.read(part) ?? []) chunks.push(chunk);
      parts.set(part, Buffer.concat(chunks).toString('utf8'));
    }
    return parts;
  } finally {
    await book.close();
  }
}

/** The rows of every table, as a reader sees them. */
export async function rowsOf(
  path: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, readonly string[]>>> {
  const book = await openBook(path);
  try {
    const tables = new Map<string, Map<number, readonly string[]>>();
    for (const { name, rows } of book.tables) {
      const lines = new Map<number, readonly string[]>();
      for await (const chunk of rows()) for (const { line, cells } of chunk) lines.set(line, [...cells]);
      tables.set(name ?? '', lines);
    }
    return tables;
  } finally {
    await book.close();
  }
}
