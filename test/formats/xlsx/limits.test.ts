/** Bombs and limits: every refusal names the part and the limit, and costs little memory. */
import { describe, expect, it } from 'vitest';
import { bookEntries, bookOf, main, sheetXml } from '../../../fixtures/xlsx-parts.ts';
import { zipOf } from '../../../fixtures/zip.ts';
import type { ReadLimits } from '../../../src/formats/format.ts';
import { xlsx } from '../../../src/formats/xlsx/index.ts';
import { readBytes, stopOf, withFile } from './reading.ts';

const rows = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `<row r="${index + 1}"><c r="A${index + 1}"><v>${(index * 7_919) % 1_000_003}</v></c></row>`,
  ).join('');
const refused = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): ReturnType<typeof stopOf> =>
  stopOf(readBytes(bytes, { limits }));
const sheet1 = 'xl/worksheets/sheet1.xml';

describe('limits', () => {
  it('counts the rows that hold something', async () => {
    const bytes = bookOf({ sheets: { 货物: rows(11) } });
    expect(await refused(bytes, { rows: 10 })).toMatchObject({
      code: 'sheet/too-many-rows',
      facts: { sheet: '货物', limit: 10 },
    });
    expect((await readBytes(bytes, { limits: { rows: 11 } })).tables[0]?.rows).toHaveLength(11);
  });

  it('counts columns that hold a value, not styled ones', async () => {
    const bytes = bookOf({
      sheets: {
        货物: '<row r="1"><c r="A1"><v>1</v></c><c r="K1" s="1"/></row><row r="2"><c r="C2"><v>1</v></c></row>',
      },
    });
    expect(await refused(bytes, { columns: 2 })).toMatchObject({
      code: 'sheet/too-many-columns',
      facts: { cell: 'C2', limit: 2 },
    });
    expect((await readBytes(bytes, { limits: { columns: 3 } })).tables[0]?.rows).toHaveLength(2);
  });

  it('counts the bytes that parts inflate to, all together and once each', async () => {
    const bytes = bookOf({ sheets: { 甲: rows(300), 乙: rows(300) } });
    const size = bookEntries({ sheets: { 甲: rows(300), 乙: rows(300) } }).reduce(
      (sum, { data }) => sum + Buffer.byteLength(String(data)),
      0,
    );
    expect(await refused(bytes, { inflatedBytes: size - 2_000 })).toMatchObject({
      code: 'workbook/too-large',
      facts: { limit: size - 2_000 },
    });
    expect((await readBytes(bytes, { limits: { inflatedBytes: size } })).tables).toHaveLength(2);
  });

  it('counts the entries of the archive', async () => {
    const more = Array.from({ length: 30 }, (_, index) => ({ name: `xl/media/${index}.png`, data: 'x' }));
    expect(await refused(bookOf({ sheets: { 货物: rows(1) }, more }), { archiveEntries: 20 })).toMatchObject({
      code: 'workbook/too-many-entries',
      facts: { found: 35, limit: 20 },
    });
  });

  it('counts the bytes of shared strings', async () => {
    const strings = Array.from(
      { length: 200 },
      (_, index) => `<si><t>${'长'.repeat(50)}${index}</t></si>`,
    ).join('');
    expect(
      await refused(bookOf({ sheets: { 货物: rows(1) }, strings }), { sharedStringBytes: 20_000 }),
    ).toMatchObject({ code: 'workbook/strings-too-large', facts: { limit: 20_000 } });
  });

  it('holds shared and inline texts to the length of a cell', async () => {
    const shared = bookOf({
      sheets: { 货物: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' },
      strings: `<si><t>${'a'.repeat(120)}</t></si>`,
    });
    expect(await refused(shared, { cellCharacters: 100 })).toMatchObject({
      code: 'sheet/cell-too-long',
      facts: { cell: 'A1', limit: 100 },
    });
  });

  it('refuses a sheet of 5 MiB that came from 10 KiB, whatever size the archive states', async () => {
    const entries = bookEntries({ sheets: { 货物: '' } });
    const bomb = Buffer.from(sheetXml('<row r="1"/>'.replace('1', '1').padEnd(5_242_880, ' ')));
    const at = entries.findIndex(({ name }) => name === sheet1);
    const honest = zipOf(entries.with(at, { name: sheet1, data: bomb }));
    const lying = zipOf(entries.with(at, { name: sheet1, data: bomb, size: 500 }));
    expect(await refused(honest)).toMatchObject({
      code: 'workbook/ratio',
      facts: { part: sheet1, limit: 200 },
    });
    expect(await refused(lying)).toMatchObject({ code: 'workbook/part-damaged', facts: { part: sheet1 } });
  });

  it('refuses one text, one comment or one tag without end', async () => {
    const noise = Array.from({ length: 300_000 }, (_, index) => (index * 2_654_435_761).toString(36))
      .join('')
      .slice(0, 2_500_000);
    for (const odd of [
      `<c r="A1" t="str"><v>${noise}</v></c>`,
      `<!--${noise}-->`,
      `<c r="A1" n${noise}="1"/>`,
    ]) {
      const stop = await refused(bookOf({ sheets: { 货物: `<row r="1">${odd}</row>` } }));
      expect(['workbook/xml-run-too-long', 'sheet/cell-too-long']).toContain(stop.code);
    }
  });

  it('refuses 100,000 attributes on one cell', async () => {
    const attributes = Array.from({ length: 100_000 }, (_, index) => `a${index}="${index * 7}"`).join(' ');
    const stop = await refused(
      bookOf({ sheets: { 货物: `<row r="1"><c r="A1" ${attributes}><v>1</v></c></row>` } }),
    );
    expect(stop.code).toBe('workbook/xml-run-too-long');
  });

  it('refuses merged ranges that would fill more cells than any honest sheet has', async () => {
    const xml = sheetXml(rows(70_000), { after: '<mergeCells><mergeCell ref="A1:IV1048576"/></mergeCells>' });
    const readThrough = withFile(bookOf({ sheets: { 货物: xml } }), async (path) => {
      const book = await xlsx.open(path, {});
      try {
        for await (const chunk of book.tables[0]?.rows() ?? []) expect(chunk.length).toBeGreaterThan(0);
      } finally {
        await book.close();
      }
    });
    expect(await stopOf(readThrough)).toMatchObject({
      code: 'sheet/too-many-merges',
      facts: { sheet: '货物', limit: 16_777_216 },
    });
  });
});

describe('harmless giants', () => {
  it('passes over 150,000 empty rows', async () => {
    const empty = Array.from(
      { length: 150_000 },
      (_, index) => `<row r="${index + 1}" s="3" customFormat="1"/>`,
    ).join('');
    const { tables } = await readBytes(
      bookOf({ sheets: { 货物: `${empty}<row r="150001"><c r="A150001"><v>1</v></c></row>` } }),
    );
    expect(tables[0]?.rows).toEqual([{ line: 150_001, cells: ['1'], kinds: 'n' }]);
  });

  it('does not read columns, rules and names over the whole grid into memory', async () => {
    const wide = sheetXml(rows(2), {
      before: '<cols><col min="1" max="2147483647" width="9"/></cols>',
      after:
        '<dataValidations><dataValidation sqref="A1:XFD1048576" type="list"><formula1>"a"</formula1></dataValidation></dataValidations>',
    });
    const { tables } = await readBytes(
      bookOf({ sheets: { 货物: wide }, more: [{ name: 'xl/unused.xml', data: `<x xmlns="${main}"/>` }] }),
    );
    expect(tables[0]?.rows).toHaveLength(2);
  });
});
