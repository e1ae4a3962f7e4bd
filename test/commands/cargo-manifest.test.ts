/** `--also cargo-manifest`: the declarations against the carrier's manifest, as a clerk runs it. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { airCargoSheet } from '../../fixtures/making/air-cargo.ts';
import { airDeclarations, seaDeclarations } from '../../fixtures/making/files.ts';
import type { Cells, MadeDeclaration } from '../../fixtures/making/manifest.ts';
import { workbook } from '../../fixtures/making/workbook.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');
const day = ['--as-of', '2026-11-24'];

type Told = {
  readonly code: string;
  readonly severity: string;
  readonly cell?: string;
  readonly value?: string;
  readonly facts?: Readonly<Record<string, string | readonly string[]>>;
};
type Result = {
  readonly key?: string;
  readonly outcome: string;
  readonly problems: readonly Told[];
  readonly line: number;
};
type Answer = {
  readonly code: number | null;
  readonly results: readonly Result[];
  readonly notices: readonly Told[];
  readonly stderr: string;
};

async function placeWith(...names: readonly string[]): Promise<Place> {
  const place = await freshPlace();
  for (const name of names) await copyFile(join(manifests, name), join(place.folder, name));
  return place;
}

async function ask(place: Place, ...words: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await declarant(place, [...words, '--format', 'json']);
  const { results = [], summary } = stdout === '' ? {} : JSON.parse(stdout);
  return { code, results, notices: summary?.notices ?? [], stderr };
}

/** What the document says of one declaration, by its key. */
function saidOf({ results }: Answer, key: string): readonly Told[] {
  const own = results.filter((each) => each.key === key).flatMap(({ problems }) => problems);
  return own.filter(({ code }) => code.startsWith('document/'));
}

function outcomes({ results }: Answer): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map(({ key = '', outcome }) => [key, outcome]));
}

function textOf(cells: Cells, header: string): string {
  const cell = cells[header];
  return typeof cell === 'string' ? cell : (cell?.text ?? '');
}

const head = ({ head: cells }: MadeDeclaration, header: string): string => textOf(cells, header);

function nth(list: readonly MadeDeclaration[], at: number): MadeDeclaration {
  const found = list[at];
  if (!found) throw new Error(`no declaration ${at}`);
  return found;
}

/** A cargo manifest as CSV in a folder: one array a row. */
async function cargoFile(place: Place, name: string, rows: readonly (readonly string[])[]): Promise<string> {
  await writeFile(join(place.folder, name), rows.map((row) => `${row.join(',')}\n`).join(''));
  return `cargo-manifest=${name}`;
}

const air = airDeclarations();

describe('the cargo manifest by air', () => {
  it('agrees with the imports of the fixtures, bill by bill, and names the one bill that nobody declares', async () => {
    const place = await placeWith('dalian-air-imports.xlsx', 'dalian-air-cargo.xlsx');
    const answer = await ask(
      place,
      'check',
      'dalian-air-imports.xlsx',
      '--also',
      'cargo-manifest=dalian-air-cargo.xlsx',
      ...day,
    );
    expect(answer.code).toBe(0);
    expect(answer.notices.map(({ code }) => code)).toEqual(['document/compared', 'document/not-declared']);
    expect(answer.notices[0]?.facts).toMatchObject({ rows: 116, declared: 60, agreeing: 60, notDeclared: 1 });
    expect(answer.notices[1]).toMatchObject({ value: '180-4455 1205_ICN26900001' });
  });

  it('tells each planted difference at both cells, and keeps back what is an error', async () => {
    const sheet = airCargoSheet(air.workbook);
    const [one, two, three, four] = air.workbook.map(({ key }) => key);
    const houseOf = (at: number): string => head(nth(air.workbook, at), '提运单号').split('_')[1] ?? '';
    const last = (at: number): number => sheet.rows.findLastIndex((row) => row['分运单号'] === houseOf(at));
    const rows = sheet.rows.flatMap((row, at): readonly Cells[] => {
      if (at === last(0)) return [{ ...row, 件数: String(Number(textOf(row, '件数')) + 1) }];
      if (at === last(1)) return [{ ...row, '毛重（千克）': { text: '1.0001', as: 'number' } }];
      if (row['分运单号'] === houseOf(2)) return [];
      if (at === last(3)) return [{ ...row, 件数: { text: '1O 件', as: 'text' } }];
      return [row];
    });
    const place = await placeWith('dalian-air-imports.xlsx');
    const total: Cells = { 航班号: { text: '合计', as: 'text' }, 件数: '999' };
    await writeFile(join(place.folder, '舱单.xlsx'), workbook([{ ...sheet, rows: [...rows, total] }]));
    const words = ['check', 'dalian-air-imports.xlsx', '--also', 'cargo-manifest=舱单.xlsx', '--lang', 'zh'];
    const answer = await ask(place, ...words, ...day);
    expect(answer.code).toBe(1);
    const codes = [one, two, three, four].map((key = '') =>
      saidOf(answer, key).map(({ code, severity }) => `${severity} ${code}`),
    );
    expect(codes).toEqual([
      ['error document/differs'],
      ['warning document/differs'],
      ['error document/not-listed'],
      ['error document/not-comparable'],
    ]);
    const [differs] = saidOf(answer, one ?? '');
    const declared = head(nth(air.workbook, 0), '件数');
    expect(differs).toMatchObject({ value: declared, facts: { declared, difference: '-1' } });
    expect(differs?.facts?.['listedCells']).toContainEqual(
      expect.stringMatching(/^舱单\.xlsx 进口舱单!E\d+ 件数: \d+$/u),
    );
    expect(differs?.facts?.['declaredCells']).toEqual([
      expect.stringMatching(/^dalian-air-imports\.xlsx 空运进口![A-Z]+3 件数: \d+$/u),
    ]);
    expect(saidOf(answer, four ?? '')[0]?.facts?.['cells']).toEqual([
      expect.stringMatching(/舱单\.xlsx 进口舱单!E\d+ 件数: 1O 件$/u),
    ]);
    expect(outcomes(answer)).toMatchObject({
      [one ?? '']: 'set-aside',
      [two ?? '']: 'valid',
      [three ?? '']: 'set-aside',
      [four ?? '']: 'set-aside',
    });
    const untouched = air.workbook.slice(4).flatMap(({ key }) => saidOf(answer, key));
    expect(untouched).toEqual([]);
    expect(answer.notices.find(({ code }) => code === 'document/row-without-bill')?.facts).toMatchObject({
      text: '合计 999',
    });
  });

  it('keeps a declaration back before anything is sent, and lodges it once the manifest is right', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv');
    const rowOf = (made: MadeDeclaration, packages = head(made, '件数')): readonly string[] => [
      head(made, '提运单号'),
      packages,
      head(made, '毛重（千克）'),
    ];
    const header = ['AWB No.', 'Pieces', 'Gross Weight (KG)'];
    const [first, rest] = [nth(air.utf8, 0), air.utf8.slice(1)];
    const wrong = [header, rowOf(first, '999'), ...rest.map((made) => rowOf(made))];
    const also = await cargoFile(place, 'cargo.csv', wrong);
    const words = ['import', 'dalian-air-imports-utf8.csv', '--yes', '--also', also];
    const before = await ask(place, ...words);
    expect(before.code).toBe(1);
    expect(outcomes(before)[first.key]).toBe('set-aside');
    expect(Object.values(outcomes(before)).filter((outcome) => outcome === 'accepted')).toHaveLength(9);
    const status = await declarant(place, ['status', '--format', 'json']);
    expect(status.stdout).not.toContain(first.key);
    await cargoFile(place, 'cargo.csv', [header, ...air.utf8.map((made) => rowOf(made))]);
    const after = await ask(place, ...words);
    expect(after.code).toBe(0);
    expect(new Set(Object.values(outcomes(after)))).toEqual(new Set(['accepted']));
  });

  it('tells what was lodged before as lodged, whatever the manifest says of it now', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv');
    const first = nth(air.utf8, 0);
    await ask(place, 'import', 'dalian-air-imports-utf8.csv', '--yes');
    const bill = head(first, '提运单号');
    const also = await cargoFile(place, 'cargo.csv', [
      ['AWB', 'Pcs'],
      [bill, '999'],
    ]);
    const answer = await ask(place, 'import', 'dalian-air-imports-utf8.csv', '--yes', '--also', also);
    expect(answer.code).toBe(0);
    expect(outcomes(answer)[first.key]).toBe('accepted');
    expect(saidOf(answer, first.key).map(({ code }) => code)).toEqual(['document/differs']);
  });
});

/** The CSV of the fixtures with some texts replaced. */
async function bentCsv(place: Place, changes: readonly (readonly [string, string])[]): Promise<string> {
  let text = await readFile(join(manifests, 'dalian-air-imports-utf8.csv'), 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  await writeFile(join(place.folder, 'bent.csv'), text);
  return 'bent.csv';
}

describe('several declarations of one bill', () => {
  const [first, second] = [nth(air.utf8, 0), nth(air.utf8, 1)];
  const [bill, other] = [head(first, '提运单号'), head(second, '提运单号')];
  const sum = Number(head(first, '件数')) + Number(head(second, '件数'));

  it('add up to the rows of the manifest, in whatever order the rows stand', async () => {
    const place = await freshPlace();
    const file = await bentCsv(place, [[other, bill]]);
    const lines = (await readFile(join(place.folder, file), 'utf8')).trimEnd().split('\r\n');
    const [header = '', line = '', ...rest] = lines;
    // The first goods line of the first declaration goes to the end: its rows do not stand together.
    await writeFile(join(place.folder, file), [header, ...rest, line, ''].join('\r\n'));
    const also = await cargoFile(place, 'cargo.csv', [
      ['MAWB', 'HAWB', '件数'],
      [bill.split('_')[0] ?? '', bill.split('_')[1] ?? '', '1 件'],
      [bill.split('_')[0] ?? '', bill.split('_')[1] ?? '', `${sum - 1} 件`],
      ...air.utf8.slice(2).map((made) => [...head(made, '提运单号').split('_'), head(made, '件数')]),
    ]);
    const answer = await ask(place, 'check', file, '--also', also, ...day);
    expect(answer.notices.find(({ code }) => code === 'document/compared')?.facts).toMatchObject({
      declared: 9,
      agreeing: 9,
      notListed: 0,
    });
    expect(answer.notices.map(({ code }) => code)).toContain('document/column-absent');
    const said = [first.key, second.key].flatMap((key) => saidOf(answer, key));
    // They do name different flights.
    expect(said.map(({ code }) => code)).toEqual(['document/values-disagree']);
  });

  it('are only warned of where the manifest lists the master alone', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv');
    const rows = air.utf8.map((made) => [head(made, '提运单号').split('_')[0] ?? '', '5000']);
    const also = await cargoFile(place, 'cargo.csv', [['提运单号', '件数'], ...rows]);
    const answer = await ask(place, 'check', 'dalian-air-imports-utf8.csv', '--also', also, ...day);
    expect(answer.code).toBe(0);
    expect(saidOf(answer, first.key).map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning document/part-differs',
    ]);
  });

  it('are checked against each other where there is no manifest', async () => {
    const place = await freshPlace();
    const flight = head(second, '运输工具');
    const broken = `${bill.slice(0, 10)}${(Number(bill.slice(10, 11)) + 1) % 10}${bill.slice(11)}`;
    const file = await bentCsv(place, [
      [other, broken],
      [bill, broken],
    ]);
    const text = await readFile(join(place.folder, file), 'utf8');
    const bent = text
      .split('\r\n')
      .map((line) => (line.startsWith(second.key) ? line.replace(flight, 'XX999') : line))
      .join('\r\n');
    await writeFile(join(place.folder, file), bent);
    const answer = await ask(place, 'check', file, '--also', 'cargo-manifest', ...day);
    expect(saidOf(answer, first.key).map(({ code }) => code)).toEqual(['document/waybill-check-digit']);
    const said = saidOf(answer, second.key);
    expect(said.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning document/waybill-check-digit',
      'warning document/values-disagree',
    ]);
    expect(said[1]).toMatchObject({ value: 'XX999' });
    expect(said[1]?.facts?.['otherCell']).toContain(head(first, '运输工具'));
    expect(answer.notices.filter(({ code }) => code.startsWith('document/'))).toEqual([]);
  });
});

describe('the cargo manifest by sea', () => {
  const sea = seaDeclarations();
  const rowOf = (made: MadeDeclaration, kilograms = head(made, '毛重（千克）')): readonly string[] => [
    head(made, '提运单号').replace('*', ' * ').toLowerCase(),
    `${head(made, '件数')} CTNS`,
    kilograms,
    'KGS',
  ];

  it('reads English headers, units in a column of their own, and bills in any writing', async () => {
    const place = await placeWith('dalian-sea-exports.xlsx');
    const [one, two, rest] = [nth(sea, 0), nth(sea, 1), sea.slice(2)];
    const tonnes = (Number(head(one, '毛重（千克）')) / 1000).toFixed(6);
    const also = await cargoFile(place, 'cargo.csv', [
      ['Cargo Manifest of the vessel'],
      ['B/L No.', 'No. of Packages', 'G.W.', 'Weight Unit'],
      [...rowOf(one, tonnes).slice(0, 3), 'MT'],
      [...rowOf(two).slice(0, 3), 'STONE'],
      ...rest.map((made) => rowOf(made)),
    ]);
    const answer = await ask(place, 'check', 'dalian-sea-exports.xlsx', '--also', also, ...day);
    expect(answer.notices.find(({ code }) => code === 'document/compared')?.facts).toMatchObject({
      rows: 20,
      declared: 20,
      agreeing: 19,
      differing: 1,
    });
    expect(saidOf(answer, one.key)).toEqual([]);
    const [unit] = saidOf(answer, two.key);
    expect(unit).toMatchObject({ code: 'document/not-comparable', severity: 'warning' });
    expect(unit?.facts?.['cells']).toEqual([expect.stringMatching(/^cargo\.csv C4 G\.W\.: [\d.]+ STONE$/u)]);
    expect(answer.code).toBe(0);
  });

  it('takes several files together, also where the configuration names them', async () => {
    const place = await placeWith('dalian-sea-exports.xlsx');
    const header = ['提单号', '件数', '毛重'];
    const rows = sea.map((made) => rowOf(made).slice(0, 3));
    await cargoFile(place, 'a,1.csv', [header, ...rows.slice(0, 8)]);
    await cargoFile(place, 'b.csv', [header, ...rows.slice(8)]);
    const typed = ['--also', 'cargo-manifest=a,1.csv', '--also', 'cargo-manifest=b.csv'];
    const answer = await ask(place, 'check', 'dalian-sea-exports.xlsx', ...typed, ...day);
    const facts = { rows: 20, agreeing: 20, notDeclared: 0 };
    expect(answer.notices[0]?.facts).toMatchObject(facts);
    const settings = { also: 'cargo-manifest=a,1.csv,cargo-manifest=b.csv' };
    await writeFile(join(place.folder, 'declarant.config.json'), JSON.stringify(settings));
    const configured = await ask(place, 'check', 'dalian-sea-exports.xlsx', ...day);
    expect(configured.notices[0]?.facts).toMatchObject(facts);
  });
});

describe('a cargo manifest that cannot be read', () => {
  const check = async (
    rows: readonly (readonly string[])[],
    ...words: readonly string[]
  ): Promise<{ readonly code: number | null; readonly stderr: string }> => {
    const place = await placeWith('dalian-air-imports-utf8.csv');
    const also = await cargoFile(place, 'cargo.csv', rows);
    return declarant(place, ['check', 'dalian-air-imports-utf8.csv', '--also', also, ...words]);
  };

  it('stops the run before its first row, with the headers that are looked for', async () => {
    const { code, stderr } = await check([
      ['Flight', 'Weight'],
      ['KE869', '12'],
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('document/no-table');
    expect(stderr).toContain('件数');
  });

  it('stops where two columns mean the same', async () => {
    const { code, stderr } = await check([
      ['AWB No', 'Pieces', 'Pcs'],
      ['78412345675', '1', '2'],
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('Pieces, Pcs');
  });

  it('is not there: told as any file that is not there', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv');
    const words = ['check', 'dalian-air-imports-utf8.csv', '--also', 'cargo-manifest=no.xlsx'];
    expect((await declarant(place, words)).code).toBe(3);
  });

  it('is no document at all: the known ones are named', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv');
    const words = ['check', 'dalian-air-imports-utf8.csv', '--also', 'cargo-manifst'];
    const { code, stderr } = await declarant(place, words);
    expect(code).toBe(2);
    expect(stderr).toContain('cargo-manifest');
  });
});
