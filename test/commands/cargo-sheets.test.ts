/** A cargo manifest as a workbook that people made: sheets that list nothing, and merged cells, of which no number counts twice. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { airDeclarations } from '../../fixtures/making/files.ts';
import { declarant, freshPlace } from '../cli/run-cli.ts';

const manifest = 'dalian-air-imports-utf8.csv';
const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');

type Told = {
  readonly code: string;
  readonly severity: string;
  readonly facts: Readonly<Record<string, unknown>>;
};
type Answer = {
  readonly code: number | null;
  /** What is said of each of the declarations. */
  readonly said: readonly (readonly Told[])[];
  readonly notices: readonly Told[];
};
type Row = readonly (string | number)[];
type SheetOf = { readonly rows: readonly Row[]; readonly merges?: readonly string[] };

const declared = airDeclarations().utf8.map(({ key, head }) => {
  const of = (header: string): string => {
    const cell = head[header];
    return typeof cell === 'string' ? cell : (cell?.text ?? '');
  };
  return { key, bill: of('提运单号'), packages: Number(of('件数')), kilograms: Number(of('毛重（千克）')) };
});
const rowsOf = declared.map(({ bill, packages, kilograms }): Row => [bill, packages, kilograms]);
const header: Row = ['提运单号', '件数', '毛重（千克）'];
const [first = header, second = header] = rowsOf;
const rest = rowsOf.slice(2);
const packagesOf = (row: Row): number => Number(row[1]);

async function check(sheets: Readonly<Record<string, SheetOf>>): Promise<Answer> {
  const place = await freshPlace();
  await copyFile(join(manifests, manifest), join(place.folder, manifest));
  const book = new ExcelJS.Workbook();
  for (const [name, { rows, merges = [] }] of Object.entries(sheets)) {
    const sheet = book.addWorksheet(name);
    for (const row of rows) sheet.addRow([...row]);
    for (const range of merges) sheet.mergeCells(range);
  }
  await book.xlsx.writeFile(join(place.folder, '舱单.xlsx'));
  const also = ['--also', 'cargo-manifest=舱单.xlsx', '--as-of', '2026-11-24', '--format', 'json'];
  const { code, stdout } = await declarant(place, ['check', manifest, ...also]);
  const { results, summary } = JSON.parse(stdout);
  const all: readonly { readonly key?: string; readonly problems: readonly Told[] }[] = results;
  const said = declared.map(({ key }) =>
    (all.find((each) => each.key === key)?.problems ?? []).filter((each) =>
      each.code.startsWith('document/'),
    ),
  );
  return { code, said, notices: summary.notices };
}

const codes = (told: readonly Told[] = []): readonly string[] =>
  told.map(({ code, severity }) => `${severity} ${code}`);

describe('a sheet of the cargo manifest', () => {
  it('that has no bills and packages is named, and the others are compared', async () => {
    const { code, said, notices } = await check({
      航班: { rows: [['航班号'], ['CA952']] },
      舱单: { rows: [header, ...rowsOf] },
      空表: { rows: [] },
    });
    expect(code).toBe(0);
    expect(said.flat()).toEqual([]);
    expect(codes(notices)).toEqual(['info document/compared', 'warning document/sheet-left-out']);
    expect(notices[0]?.facts).toMatchObject({ agreeing: 10, rows: 10 });
    expect(notices[1]?.facts).toMatchObject({ table: '舱单.xlsx 航班' });
  });
});

describe('a merged cell of the cargo manifest', () => {
  it('over the rows of one bill counts once', async () => {
    const again: Row = [first[0] ?? '', '', ''];
    const { code, said } = await check({
      舱单: { rows: [header, first, again, again, second, ...rest], merges: ['A2:A4', 'B2:B4', 'C2:C4'] },
    });
    expect(code).toBe(0);
    expect(said.flat()).toEqual([]);
  });

  it('over several bills is the number of none: told at each of them, the first as well', async () => {
    // All of it belongs to the first bill, by the number: that is chance, and nobody can know.
    const below: Row = [second[0] ?? '', '', second[2] ?? ''];
    const { code, said, notices } = await check({
      舱单: { rows: [header, first, below, ...rest], merges: ['B2:B3'] },
    });
    expect(code).toBe(1);
    expect(codes(said[0])).toEqual(['error document/merged-cell']);
    expect(codes(said[1])).toEqual(['error document/merged-cell']);
    const cells = [2, 3].map((line) => `舱单.xlsx 舱单!B${line} 件数: ${packagesOf(first)}`);
    expect(said[0]?.[0]?.facts['cells']).toEqual(cells);
    expect(said[1]?.[0]?.facts['cells']).toEqual(cells);
    expect(said.slice(2).flat()).toEqual([]);
    expect(notices[0]?.facts).toMatchObject({ agreeing: 8, differing: 2 });
  });

  it('that begins in a row without a bill is the number of none below it', async () => {
    const total: Row = ['', packagesOf(second), ''];
    const below: Row = [first[0] ?? '', '', 0];
    const { code, said, notices } = await check({
      舱单: { rows: [header, first, total, below, second, ...rest], merges: ['B3:B4'] },
    });
    expect(code).toBe(1);
    expect(codes(said[0])).toEqual(['error document/merged-cell']);
    expect(said.slice(1).flat()).toEqual([]);
    expect(codes(notices)).toContain('warning document/row-without-bill');
  });

  it('over packages and weight is no weight', async () => {
    const wide: Row = [first[0] ?? '', packagesOf(first), ''];
    const { code, said } = await check({
      舱单: { rows: [header, wide, second, ...rest], merges: ['B2:C2'] },
    });
    // A weight that cannot be compared warns, as one that differs.
    expect(code).toBe(0);
    expect(codes(said[0])).toEqual(['warning document/merged-cell']);
    expect(said.slice(1).flat()).toEqual([]);
  });

  it('over packages and weight of two rows of one bill is a number of packages, once', async () => {
    const wide: Row = [first[0] ?? '', packagesOf(first), ''];
    const below: Row = [first[0] ?? '', '', ''];
    const { said } = await check({
      舱单: { rows: [header, wide, below, second, ...rest], merges: ['B2:C3'] },
    });
    expect(codes(said[0])).toEqual(['warning document/merged-cell']);
    expect(said[0]?.[0]?.facts['cells']).toHaveLength(2);
  });
});
