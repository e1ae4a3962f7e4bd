/** Odd workbooks, one oddity each: an annotated copy holds every cell that the original holds, whatever wrote it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openBook } from '../../src/formats/index.ts';
import { Stop } from '../../src/model/stop.ts';
import { freshFolder } from '../cli/run-cli.ts';
import { annotate, faultAt, rowsOf } from './annotating.ts';

// Processes and large files: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });

const sheets = join(import.meta.dirname, '../../fixtures/sheets/xlsx');

/** What can be read at all: refusals are the formats' own tests. */
async function readable(path: string): Promise<boolean> {
  try {
    const book = await openBook(path);
    try {
      for (const table of book.tables) for await (const rows of table.rows()) expect(rows).toBeDefined();
    } finally {
      await book.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Stop) return false;
    throw error;
  }
}

const names: string[] = [];
for (const name of readdirSync(sheets).filter((each) => /\.xls[xm]$/u.test(each)))
  if (await readable(join(sheets, name))) names.push(name);

function withoutEmptyEnd(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
}

describe('odd workbooks', () => {
  test('there are enough of them', () => {
    expect(names.length).toBeGreaterThan(40);
  });

  test.each(names)('%s keeps every cell, and gains the results of its rows', async (name) => {
    const folder = await freshFolder();
    const before = await rowsOf(join(sheets, name));
    const { path } = await annotate(join(sheets, name), folder, (ref) => [faultAt(ref, 0)]);
    const after = await rowsOf(path);
    for (const [sheet, lines] of before) {
      const now = (line: number): readonly string[] => after.get(sheet)?.get(line) ?? [];
      const [header = 0, ...data] = lines.keys();
      for (const [line, cells] of lines) {
        const kept = withoutEmptyEnd(cells);
        expect(now(line).slice(0, kept.length)).toEqual(kept);
      }
      expect(data.filter((line) => !now(line).includes('set aside'))).toEqual([]);
      expect(now(header).includes('【Result】Status')).toBe(data.length > 0);
    }
    expect([...after.keys()].at(-1)).toBe('【Result】Summary');
  });
});
