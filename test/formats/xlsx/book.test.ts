/** A workbook as a whole: hidden parts, repeated reading, digest, changes, limits. */
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookOf, sheetXml } from '../../../fixtures/xlsx-parts.ts';
import { xlsx } from '../../../src/formats/xlsx/index.ts';
import { readBytes, readFile, shown, stopOf, withFile } from './reading.ts';

const value = (cell: string, text: string): string =>
  `<c r="${cell}" t="inlineStr"><is><t>${text}</t></is></c>`;
const fixture = (name: string): string => join(import.meta.dirname, '../../../fixtures/sheets/xlsx', name);
const longSheet = (rows: number): Buffer =>
  bookOf({
    sheets: {
      货物: Array.from(
        { length: rows },
        (_, index) =>
          `<row r="${index + 1}"><c r="A${index + 1}" t="s"><v>${index % 7}</v></c><c r="B${index + 1}"><v>${index}</v></c></row>`,
      ).join(''),
    },
    strings: Array.from({ length: 7 }, (_, index) => `<si><t>第${index}</t></si>`).join(''),
  });

describe('hidden parts', () => {
  it('leaves hidden sheets out on request and says so', async () => {
    const { tables, problems } = await readFile(fixture('hidden-sheets.xlsx'), { hidden: 'skip' });
    expect(tables.map(({ name }) => name)).toEqual(['可见']);
    expect(problems).toEqual(['sheet/hidden', 'sheet/hidden']);
  });

  it('leaves hidden rows and columns out on request, the columns as empty cells', async () => {
    const { tables } = await readFile(fixture('hidden-rows-columns.xlsx'), { hidden: 'skip' });
    expect(tables[0]?.rows).toEqual([{ line: 1, cells: ['hidden="1"'] }]);
  });

  it('stops at hidden parts on request and names them', async () => {
    const sheets = await stopOf(readFile(fixture('hidden-sheets.xlsx'), { hidden: 'error' }));
    expect(sheets).toMatchObject({ code: 'sheet/hidden', exit: 3, facts: { sheet: '隐藏' } });
    const rows = await stopOf(readFile(fixture('hidden-rows-columns.xlsx'), { hidden: 'error' }));
    expect(rows).toMatchObject({
      code: 'sheet/hidden-rows',
      facts: { sheet: '货物', count: 2, lines: ['2', '3'] },
    });
  });

  it('names the hidden columns', async () => {
    const { book } = await readFile(fixture('hidden-rows-columns.xlsx'));
    expect(book.problems[1]).toMatchObject({
      code: 'sheet/hidden-columns',
      severity: 'info',
      facts: { columns: ['B', 'D–XFD'] },
    });
  });

  it('fills a merged range from a row that is skipped', async () => {
    const bytes = bookOf({
      sheets: {
        货物: sheetXml(
          `<row r="1" hidden="1">${value('A1', '甲')}${value('B1', '一')}</row><row r="2">${value('B2', '二')}</row>`,
          { after: '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>' },
        ),
      },
    });
    const { tables } = await readBytes(bytes, { hidden: 'skip' });
    expect(tables[0]?.rows).toEqual([{ line: 2, cells: ['甲', '二'], notes: [[0, 'merged']] }]);
  });
});

describe('reading', () => {
  it('reads a sheet again, and two sheets at once, with the same rows', async () => {
    await withFile(longSheet(3_000), async (path) => {
      const book = await xlsx.open(path, {});
      const [table] = book.tables;
      if (table === undefined) throw new Error('no sheet');
      const all = async (): Promise<string> => {
        const rows = [];
        for await (const chunk of table.rows()) rows.push(...chunk.map(shown));
        return JSON.stringify(rows);
      };
      const first = await all();
      const [second, third] = await Promise.all([all(), all()]);
      await book.close();
      expect(JSON.parse(first)).toHaveLength(3_000);
      expect([second, third]).toEqual([first, first]);
    });
  });

  it('gives chunks of at most 500 rows', async () => {
    await withFile(longSheet(1_203), async (path) => {
      const book = await xlsx.open(path, {});
      const sizes: number[] = [];
      for (const table of book.tables) for await (const chunk of table.rows()) sizes.push(chunk.length);
      await book.close();
      expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_203);
    });
  });

  it('can be left in the middle of a sheet', async () => {
    await withFile(longSheet(20_000), async (path) => {
      const book = await xlsx.open(path, {});
      for await (const chunk of book.tables[0]?.rows() ?? []) {
        expect(chunk[0]?.line).toBe(1);
        break;
      }
      await book.close();
    });
  });

  it('goes on strictly, without a row lost or repeated, where something odd stands far down', async () => {
    const rows = Array.from(
      { length: 9_000 },
      (_, index) => `<row r="${index + 1}"><c r="A${index + 1}"><v>${index}</v></c></row>`,
    );
    rows[8_500] = `<!-- odd -->${rows[8_500]}`;
    const { tables } = await readBytes(bookOf({ sheets: { 货物: rows.join('') } }));
    expect(tables[0]?.rows.map(({ cells }) => cells[0])).toEqual(
      Array.from({ length: 9_000 }, (_, index) => String(index)),
    );
  });

  it('says which date system the workbook has', async () => {
    const { book } = await readFile(fixture('dates-1904.xlsx'));
    expect(book.decisions).toEqual({ 'date system': '1904' });
  });
});

describe('the file itself', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'declarant-test-'));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it('has the SHA-256 of its bytes as digest', async () => {
    const bytes = longSheet(50);
    const path = join(folder, 'digest.xlsx');
    await writeFile(path, bytes);
    const book = await xlsx.open(path, {});
    expect(await book.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
    await book.close();
  });

  it('is refused when it grows while it is read', async () => {
    const path = join(folder, 'grows.xlsx');
    await writeFile(path, longSheet(2_000));
    const book = await xlsx.open(path, {});
    const reading = async (): Promise<void> => {
      for await (const chunk of book.tables[0]?.rows() ?? [])
        if (chunk[0]?.line === 1) await appendFile(path, 'x');
    };
    expect((await stopOf(reading())).code).toBe('file/changed-while-reading');
    await book.close();
  });

  it('is refused when another file takes its place', async () => {
    const path = join(folder, 'replaced.xlsx');
    await writeFile(path, longSheet(10));
    await writeFile(`${path}.new`, longSheet(10));
    const book = await xlsx.open(path, {});
    await rename(`${path}.new`, path);
    expect((await stopOf(book.digest())).code).toBe('file/changed-while-reading');
    await book.close();
  });

  it('is refused by name when it is not there', async () => {
    expect((await stopOf(xlsx.open(join(folder, '没有.xlsx'), {}))).code).toBe('file/not-found');
  });
});

describe('recognition', () => {
  it('knows a zip archive by its first bytes, and leaves OpenDocument alone', () => {
    expect(xlsx.matches(longSheet(1).subarray(0, 4_096), 'a.bin')).toBe(true);
    expect(
      xlsx.matches(
        Buffer.from(
          'PK\u0003\u0004..........................mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
        ),
        'a.xlsx',
      ),
    ).toBe(false);
    expect(xlsx.matches(Buffer.from('合同号,数量'), 'a.xlsx')).toBe(false);
  });
});
