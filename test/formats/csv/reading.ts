/** What the tests of text tables share: write bytes to a fresh folder, read a book to its end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadOptions, SourceBook } from '../../../src/formats/format.ts';
import { openBook } from '../../../src/formats/index.ts';
import { Stop } from '../../../src/model/stop.ts';

export type ReadRow = [line: number, cells: readonly string[]];

export async function rowsOf(book: SourceBook): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for (const table of book.tables) {
    for await (const chunk of table.rows()) for (const { line, cells } of chunk) rows.push([line, cells]);
  }
  return rows;
}

export async function readAll(
  path: string,
  options: ReadOptions = {},
): Promise<{ rows: ReadRow[]; book: SourceBook }> {
  const book = await openBook(path, options);
  try {
    return { rows: await rowsOf(book), book };
  } finally {
    await book.close();
  }
}

/** Runs with a file of its own in a folder of its own, both gone afterwards. */
export async function withFile<T>(
  content: string | Uint8Array,
  use: (path: string) => Promise<T>,
  name = 'manifest.csv',
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-test-'));
  try {
    const path = join(folder, name);
    await writeFile(path, content);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function readContent(
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<{ rows: ReadRow[]; book: SourceBook }> {
  return await withFile(content, (path) => readAll(path, options));
}

export async function stopOf(work: Promise<unknown>): Promise<Stop> {
  const error = await work.then(
    () => new Error('nothing was refused'),
    (error: unknown) => error,
  );
  if (error instanceof Stop) return error;
  throw error;
}
