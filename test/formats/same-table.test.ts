/** One table, written as CSV and as a workbook, is read as the same rows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openBook } from '../../src/formats/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'declarant-同表-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = { readonly line: number; readonly cells: readonly string[] };

async function rowsOf(file: string): Promise<readonly Row[]> {
  const book = await openBook(file, {});
  const rows: Row[] = [];
  for await (const chunk of book.tables[0]?.rows() ?? []) {
    for (const { line, cells } of chunk) {
      const last = cells.findLastIndex((cell) => cell !== '');
      if (last >= 0) rows.push({ line, cells: cells.slice(0, last + 1) });
    }
  }
  await book.close();
  return rows;
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const cell = fc
  .array(
    fc.constantFrom(
      '报',
      '关',
      'ａ',
      '𠀀',
      'x',
      '0',
      '07',
      ',',
      '"',
      '=',
      '-',
      '1.50',
      '|',
      ' ',
      '&',
      '<',
      "'",
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));
const table = fc
  .array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  // A first row of plain words, so that both files are certainly tables with three columns.
  .map((rows) => [['提运单号', '商品编号', '商品名称'], ...rows]);

test('a table of texts gives the same rows from CSV and from XLSX', { timeout: 120_000 }, async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      number += 1;
      const csv = join(folder, `${number}.csv`);
      const xlsx = join(folder, `${number}.xlsx`);
      writeFileSync(csv, `\ufeff${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`);
      const workbook = new ExcelJS.Workbook();
      const sheet = workbook.addWorksheet('表');
      for (const [at, row] of rows.entries()) {
        for (const [column, text] of row.entries())
          if (text !== '') sheet.getCell(at + 1, column + 1).value = text;
      }
      await workbook.xlsx.writeFile(xlsx);
      expect(await rowsOf(xlsx)).toEqual(await rowsOf(csv));
    }),
    { numRuns: 60 },
  );
});
