/** The same rows by whatever way: fast or strict, written by exceljs or by hand, damaged or not. */
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import exceljs from 'exceljs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutateWorkbook, random } from '../../../bench/mutate-sheet.ts';
import { bookOf, escaped } from '../../../fixtures/xlsx-parts.ts';
import { readBytes, withFile } from './reading.ts';
import { strictOutcome, usualOutcome } from './strict.ts';

const folder = join(import.meta.dirname, '../../../fixtures/sheets/xlsx');
const names = readdirSync(folder).filter((name) => name !== 'expected.json');

describe('the fast reader', () => {
  it.each(names)('reads %s as the strict one does', async (name) => {
    const path = join(folder, name);
    expect(await usualOutcome(path)).toEqual(await strictOutcome(path));
  });

  it(
    'ends in rows or a refusal for 500 damaged workbooks, and in no other rows than the strict one',
    { timeout: 180_000 },
    async () => {
      const differing: string[] = [];
      await withFile(Buffer.alloc(0), async (path) => {
        for (let number = 0; number < 500; number += 1) {
          const next = random(number);
          const source = names[Math.floor(next() * names.length)] ?? '';
          await writeFile(path, mutateWorkbook(readFileSync(join(folder, source)), next));
          const [usual, strict] = [await usualOutcome(path), await strictOutcome(path)];
          const bothRefuse = typeof usual === 'string' && typeof strict === 'string';
          if (!bothRefuse && !isDeepStrictEqual(usual, strict))
            differing.push(`${source}, mutation ${number}`);
        }
      });
      expect(differing).toEqual([]);
    },
  );
});

const cell = fc.oneof(
  fc.record({
    kind: fc.constant('t' as const),
    text: fc.string({
      unit: fc.constantFrom('a', '合', '同', ' ', '<', '&', '"', '\n', '0', '😀', '_'),
      maxLength: 12,
    }),
  }),
  fc.record({
    kind: fc.constant('n' as const),
    text: fc
      .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 1, max: 99 }))
      .map(([whole, part]) => `${whole}.${part}`.replace(/0$/u, '1')),
  }),
  fc.record({
    kind: fc.constant('d' as const),
    text: fc
      .integer({ min: 61, max: 73_050 })
      .map((serial) => new Date((serial - 25_569) * 86_400_000).toISOString().slice(0, 10)),
  }),
);
const tables = fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 12 });

/** What must be read: rows and ends of rows without a value are left out. */
function expected(rows: readonly (readonly { kind: string; text: string }[])[]): unknown {
  return rows.flatMap((cells, index) => {
    const end = cells.findLastIndex(({ text }) => text !== '') + 1;
    if (end === 0) return [];
    const kinds = cells
      .slice(0, end)
      .map(({ kind, text }) => (text === '' ? 't' : kind))
      .join('');
    const line = { line: index + 1, cells: cells.slice(0, end).map(({ text }) => text) };
    return [/^t*$/u.test(kinds) ? line : { ...line, kinds }];
  });
}

/** Days as the 1900 system counts them. */
function serial(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569;
}

function rowsXml(
  rows: readonly (readonly { kind: string; text: string }[])[],
  text: (value: string) => string,
): string {
  return rows
    .map(
      (cells) =>
        `<row>${cells.map((one) => (one.kind === 't' ? text(one.text) : `<c${one.kind === 'd' ? ' s="1"' : ''}><v>${one.kind === 'd' ? serial(one.text) : one.text}</v></c>`)).join('')}</row>`,
    )
    .join('');
}

describe('a table of texts, numbers and dates', () => {
  it('comes back as exceljs wrote it', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const book = new exceljs.Workbook();
        const sheet = book.addWorksheet('货物');
        for (const cells of rows) {
          sheet.addRow(
            cells.map(({ kind, text }) =>
              kind === 't' ? text : kind === 'n' ? Number(text) : new Date(`${text}T00:00:00Z`),
            ),
          );
        }
        const { tables: read } = await readBytes(new Uint8Array(await book.xlsx.writeBuffer()));
        expect(read[0]?.rows).toEqual(expected(rows));
      }),
      { numRuns: 60 },
    );
  });

  it('comes back from inline strings and from shared ones', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const strings: string[] = [];
        const inline = rowsXml(
          rows,
          (value) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`,
        );
        const shared = rowsXml(
          rows,
          (value) => `<c t="s"><v>${strings.push(`<si><t>${escaped(value)}</t></si>`) - 1}</v></c>`,
        );
        const a = await readBytes(bookOf({ sheets: { 货物: inline }, formats: [0, 14] }));
        const b = await readBytes(
          bookOf({ sheets: { 货物: shared }, formats: [0, 14], strings: strings.join('') || '<si/>' }),
        );
        expect(a.tables[0]?.rows).toEqual(expected(rows));
        expect(b.tables).toEqual(a.tables);
      }),
      { numRuns: 60 },
    );
  });
});
