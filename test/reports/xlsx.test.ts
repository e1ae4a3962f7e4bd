/** The annotated workbook: the clerk's own file with the results beside its rows, and nothing else changed. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, test, vi } from 'vitest';
import { bookEntries, head, main } from '../../fixtures/xlsx-parts.ts';
import { zipOf } from '../../fixtures/zip.ts';
import { freshFolder } from '../cli/run-cli.ts';
import { openWorkbook } from '../scenarios/annotated-copy.ts';
import { annotate, convertedBy, faultAt, partsOf, rowsOf } from './annotating.ts';
import { hasLibreOffice } from './libre-office.ts';

// Processes and large files: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });

const manifests = join(import.meta.dirname, '../../fixtures/manifests');

/** A workbook as offices have them: widths, colours, a formula, a chart-like second sheet, a comment of a colleague. */
async function officeBook(folder: string): Promise<string> {
  const path = join(folder, '清单.xlsx');
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('表体');
  sheet.addRow(['业务编号', '数量', '单价', '总价']);
  for (let line = 2; line <= 6; line += 1) {
    sheet.addRow([`A-${line}`, line, 2.5]);
    sheet.getCell(line, 4).value = { formula: `B${line}*C${line}`, result: line * 2.5 };
  }
  sheet.getColumn(1).width = 31;
  sheet.getCell('B3').fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FF00B0F0' } };
  sheet.getCell('B3').numFmt = '0.000';
  sheet.getCell('B4').note = 'a colleague: ask the client';
  sheet.getCell('C5').note = 'another one';
  sheet.mergeCells('A8:D8');
  const other = book.addWorksheet('参数');
  other.addRow(['汇率', 7.1]);
  await book.xlsx.writeFile(path);
  return path;
}

describe('the annotated copy of a workbook', () => {
  test('leaves the original as it is, and every part of the copy that it need not change', async () => {
    const folder = await freshFolder();
    const path = await officeBook(folder);
    const before = await partsOf(path);
    const { path: copy, original } = await annotate(path, join(folder, 'out'), (ref) =>
      ref.line === 3 ? [faultAt(ref, 1)] : [],
    );
    expect(await readFile(path)).toEqual(original);
    const after = await partsOf(copy);
    const changed = [...before].filter(([name, text]) => after.get(name) !== text).map(([name]) => name);
    // The second sheet holds a row of its own in these results.
    expect(changed.toSorted()).toEqual(
      [
        '[Content_Types].xml',
        'xl/_rels/workbook.xml.rels',
        'xl/comments1.xml',
        'xl/drawings/vmlDrawing1.vml',
        'xl/styles.xml',
        'xl/workbook.xml',
        'xl/worksheets/sheet1.xml',
      ].toSorted(),
    );
  });

  test('keeps formulas, widths, formats and merged cells', async () => {
    const folder = await freshFolder();
    const { path } = await annotate(await officeBook(folder), join(folder, 'out'), (ref) => [
      faultAt(ref, 1),
    ]);
    const sheet = (await openWorkbook(path)).getWorksheet('表体');
    expect(sheet?.getCell('D3').formula).toBe('B3*C3');
    expect(sheet?.getColumn(1).width).toBe(31);
    expect(sheet?.getCell('B3').numFmt).toBe('0.000');
    expect(sheet?.getCell('D8').isMerged).toBe(true);
    expect((await openWorkbook(path)).worksheets.map(({ name }) => name)).toEqual([
      '表体',
      '参数',
      '【Result】Summary',
    ]);
  });

  test('colours the faulty cell and comments on it: what is wrong, what was expected, how to mend it', async () => {
    const folder = await freshFolder();
    const { path } = await annotate(await officeBook(folder), join(folder, 'out'), (ref) =>
      ref.line === 3 ? [faultAt(ref, 1, 'x')] : [],
    );
    const sheet = (await openWorkbook(path)).getWorksheet('表体');
    expect(sheet?.getCell('B3').fill).toMatchObject({ fgColor: { argb: 'FFFFC7C2' } });
    expect(sheet?.getCell('B2').fill ?? { pattern: 'none' }).toMatchObject({ pattern: 'none' });
    const note = JSON.stringify(sheet?.getCell('B3').note);
    expect(note).toContain('“x” in B3');
    expect(note).toContain('Expected: one');
    expect(note).toContain('What to do: mend H');
    expect(sheet?.getCell('E3').text).toBe('set aside');
    expect(sheet?.getCell('H3').text).toContain('B3 Unknown code');
  });

  test('gives an empty cell that should not be empty its colour and its comment', async () => {
    const folder = await freshFolder();
    const { path } = await annotate(await officeBook(folder), join(folder, 'out'), (ref) =>
      ref.sheet === '参数' ? [] : [faultAt(ref, 3, '')],
    );
    const book = await openWorkbook(path);
    expect(book.getWorksheet('表体')?.getCell('D2').fill).toMatchObject({ fgColor: { argb: 'FFFFC7C2' } });
  });

  test('keeps the comments that others wrote, and adds to them on the same cell', async () => {
    const folder = await freshFolder();
    const { path } = await annotate(await officeBook(folder), join(folder, 'out'), (ref) =>
      ref.line === 4 ? [faultAt(ref, 1)] : [],
    );
    const sheet = (await openWorkbook(path)).getWorksheet('表体');
    expect(JSON.stringify(sheet?.getCell('C5').note)).toContain('another one');
    const both = JSON.stringify(sheet?.getCell('B4').note);
    expect(both).toContain('ask the client');
    expect(both).toContain('【Result】Unknown code');
  });

  test('is annotated again without a second set of columns, comments or sheets', async () => {
    const folder = await freshFolder();
    const first = await annotate(await officeBook(folder), join(folder, 'one'), (ref) =>
      ref.line === 4 || ref.line === 2 ? [faultAt(ref, 1)] : [],
    );
    const again = await annotate(first.path, join(folder, 'two'), (ref) =>
      ref.line === 5 ? [faultAt(ref, 2)] : [],
    );
    const book = await openWorkbook(again.path);
    const sheet = book.getWorksheet('表体');
    expect(book.worksheets.map(({ name }) => name)).toEqual(['表体', '参数', '【Result】Summary']);
    expect(JSON.stringify(sheet?.getRow(1).values).match(/【Result】Status/gu)).toHaveLength(1);
    expect(sheet?.getCell('E2').text).toBe('accepted');
    expect(JSON.stringify(sheet?.getCell('B4').note)).toContain('ask the client');
    expect(JSON.stringify(sheet?.getCell('B4').note)).not.toContain('【Result】');
    expect(sheet?.getCell('B2').note).toBeUndefined();
    expect(sheet?.getCell('B2').fill ?? { pattern: 'none' }).toMatchObject({ pattern: 'none' });
    expect(JSON.stringify(sheet?.getCell('C5').note)).toContain('【Result】Unknown code');
    expect(again.path).toMatch(/清单\.annotated\.xlsx$/u);
  });

  test('is the same, byte for byte, each time it is made', async () => {
    const folder = await freshFolder();
    const path = await officeBook(folder);
    const digests = [];
    for (const out of ['a', 'b']) {
      const made = await annotate(path, join(folder, out), (ref) => [faultAt(ref, 1)]);
      digests.push(
        createHash('sha256')
          .update(await readFile(made.path))
          .digest('hex'),
      );
    }
    expect(digests[0]).toBe(digests[1]);
  });

  test('holds no formula that data wrote, in a cell, a comment or the summary', async () => {
    const folder = await freshFolder();
    const path = join(folder, 'evil.csv');
    const attacks = [
      '=cmd|calc!A1',
      '+1+1',
      '-2+3',
      '@SUM(A1)',
      '\t=1+1',
      '=HYPERLINK("http://example.invalid")',
      '<f>1+1</f>',
      ']]><f>1</f>',
      '_x003D_1+1',
    ];
    await writeFile(
      path,
      `编号,值\n${attacks.map((attack, at) => `${at},"${attack.replaceAll('"', '""')}"`).join('\n')}\n`,
    );
    const { path: copy } = await annotate(path, join(folder, 'out'), (ref, at) => [
      faultAt(ref, 1, attacks[at - 1] ?? ''),
    ]);
    const parts = await partsOf(copy);
    for (const [name, xml] of parts) expect([name, /<(?:\w+:)?f[\s>/]/u.test(xml)]).toEqual([name, false]);
    const rows = [...(await rowsOf(copy)).values()][0];
    expect([...(rows?.values() ?? [])].slice(1).map((cells) => cells[1])).toEqual(attacks);
  });

  test('is made where the workbook is written in a way that cannot be edited, as a fresh workbook that says so', async () => {
    const folder = await freshFolder();
    const path = join(folder, 'odd.xlsx');
    await copyFile(join(import.meta.dirname, '../../fixtures/sheets/xlsx/comments-with-rows.xlsx'), path);
    const { path: copy } = await annotate(path, join(folder, 'out'), (ref) => [faultAt(ref, 0)]);
    const summary = [...(await rowsOf(copy)).values()].at(-1);
    expect(JSON.stringify([...(summary?.values() ?? [])])).toContain('fresh workbook');
  });

  test('puts its columns after what others have there: widths, empty formatted cells, a drawing, an extension', async () => {
    const folder = await freshFolder();
    const path = join(folder, 'crowded.xlsx');
    const xml = `${head}<x:worksheet xmlns:x="${main}"><x:dimension ref="A1:C3"/><x:cols><x:col min="2" max="16384" width="5" hidden="1"/></x:cols><x:sheetData><x:row r="1" spans="1:3"><x:c r="A1" t="inlineStr"><x:is><x:t>编号</x:t></x:is></x:c><x:c r="B1" t="inlineStr"><x:is><x:t>值</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c><x:c r="D2" s="0"/><x:c r="Z2" s="0"/></x:row></x:sheetData><x:pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/><x:extLst/></x:worksheet>`;
    await writeFile(path, zipOf(bookEntries({ sheets: { 表体: xml }, formats: [0] })));
    const { path: copy } = await annotate(path, join(folder, 'out'), (ref) => [faultAt(ref, 1, '')]);
    const sheet = (await partsOf(copy)).get('xl/worksheets/sheet1.xml') ?? '';
    expect(sheet).toContain('<x:dimension ref="A1:F3"/>');
    expect(
      [...sheet.matchAll(/<x:col [^>]*min="(\d+)"[^>]*>/gu)].map(([tag]) => [
        /min="(\d+)"/u.exec(tag)?.[1],
        /max="(\d+)"/u.exec(tag)?.[1],
        tag.includes('hidden'),
      ]),
    ).toEqual([
      ['2', '2', true],
      ['3', '3', false],
      ['4', '4', false],
      ['5', '5', false],
      ['6', '6', false],
      ['7', '16384', true],
    ]);
    expect([...sheet.matchAll(/<x:c r="([A-Z]+2)"/gu)].map(([, cell]) => cell)).toEqual([
      'A2',
      'B2',
      'C2',
      'D2',
      'E2',
      'F2',
      'Z2',
    ]);
    expect(sheet).toMatch(/<x:pageMargins[^>]*\/><x:legacyDrawing [^>]*\/><x:extLst\/>/u);
  });
});

describe('the annotated copy of a manifest', () => {
  test.skipIf(!hasLibreOffice)(
    'opens in LibreOffice with its comments and without a formula that was not there',
    { timeout: 180_000 },
    async () => {
      const folder = await freshFolder();
      const { path } = await annotate(join(manifests, 'dalian-air-imports.xlsx'), folder, (ref, at) =>
        at % 10 === 1 ? [faultAt(ref, 3)] : [],
      );
      const text = await convertedBy(path, 'fods', folder);
      expect(text).toContain('【Result】Status');
      expect(text).toContain('【Result】Summary');
      expect(text.match(/<office:annotation /gu)?.length).toBe(25);
      expect(text).not.toContain('of:=');
    },
  );

  test('of 10,000 rows holds a result for each', { timeout: 120_000 }, async () => {
    const folder = await freshFolder();
    const path = join(folder, 'long.csv');
    const lines = Array.from({ length: 10_000 }, (_, at) => `A-${at},${at},x`);
    await writeFile(path, `编号,数量,名称\n${lines.join('\n')}\n`);
    const { path: copy } = await annotate(path, join(folder, 'out'), (ref, at) =>
      at % 2 === 0 ? [faultAt(ref, 1)] : [],
    );
    const rows = [...(await rowsOf(copy)).values()][0];
    const statuses = [...(rows?.values() ?? [])].slice(1).map((cells) => cells[3]);
    expect(statuses).toHaveLength(10_000);
    expect(new Set(statuses)).toEqual(new Set(['accepted', 'set aside']));
    const comments = (await partsOf(copy)).get('xl/comments1.xml') ?? '';
    expect(comments.match(/<comment /gu)).toHaveLength(3000);
  });
});
