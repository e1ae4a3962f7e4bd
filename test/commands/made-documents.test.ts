/** `--also delivery-note`, `--also container-list`, and a document that only a folder of data describes. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { airDeclarations, seaDeclarations } from '../../fixtures/making/files.ts';
import type { MadeDeclaration } from '../../fixtures/making/manifest.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const root = join(import.meta.dirname, '..', '..');
const manifests = join(root, 'fixtures', 'manifests');
const packFolder = join(root, 'schemas', 'cn', 'goods-declaration');
const day = ['--as-of', '2026-11-24'];

type Named = { readonly key?: string; readonly outcome: string; readonly row: { readonly line: number } };
type Listed = Named & Readonly<Record<string, unknown>>;
type Shipment = {
  readonly bill: string;
  readonly isComplete: boolean;
  readonly packages?: string;
  readonly declarations: readonly Listed[];
  readonly missing: readonly Named[];
};
type Document = { readonly shipments: readonly Shipment[]; readonly withoutBill: readonly Named[] };

/** The document as it lies in the results, once its own schema has been asked about it. */
async function documentIn(place: Place, name: string, schemas = packFolder): Promise<Document> {
  const text = await readFile(join(place.folder, 'out', `${name}.json`), 'utf8');
  const file = join(schemas, 'documents', name, 'output.schema.json');
  const ajv = new Ajv2020({ allErrors: true, formats: { 'date-time': true } });
  const validate = ajv.compile(JSON.parse(await readFile(file, 'utf8')));
  const document = JSON.parse(text);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}

async function csvIn(place: Place, name: string): Promise<readonly string[]> {
  const text = await readFile(join(place.folder, 'out', `${name}.csv`), 'utf8');
  expect(text.startsWith('\ufeff')).toBe(true);
  return text.slice(1).trimEnd().split('\r\n');
}

function nth(list: readonly MadeDeclaration[], at: number): MadeDeclaration {
  const found = list[at];
  if (!found) throw new Error(`no declaration ${at}`);
  return found;
}

function head({ head: cells }: MadeDeclaration, header: string): string {
  const cell = cells[header];
  return typeof cell === 'string' ? cell : (cell?.text ?? '');
}

/** The CSV of the fixtures, its lines changed. */
async function bent(place: Place, change: (line: string) => string): Promise<string> {
  const text = await readFile(join(manifests, 'dalian-air-imports-utf8.csv'), 'utf8');
  await writeFile(join(place.folder, 'm.csv'), text.split('\r\n').map(change).join('\r\n'));
  return 'm.csv';
}

describe('the delivery note', () => {
  const [first, second, third] = [0, 1, 2].map((at) => nth(airDeclarations().utf8, at));
  const keyOf = (made: MadeDeclaration | undefined): string => made?.key ?? '';
  const billOf = (made: MadeDeclaration | undefined): string => (made ? head(made, '提运单号') : '');

  it('names what is missing of a bill, so that nobody hands over half of it', async () => {
    const place = await freshPlace();
    // The second declaration is of the first one's bill, and has a customs office that does not exist.
    const file = await bent(place, (line) =>
      line.startsWith(keyOf(second))
        ? line.replace(billOf(second), billOf(first)).replace(/,(?:0902|大连机场),/u, ',九九九九,')
        : line,
    );
    const also = ['--also', 'delivery-note', '--yes', '--out', 'out'];
    const { code, stdout } = await declarant(place, ['import', file, ...also, '--lang', 'zh']);
    expect(code).toBe(1);
    expect(stdout).toContain('9 个提运单有 1 个未报全');
    const { shipments, withoutBill } = await documentIn(place, 'delivery-note');
    expect(shipments).toHaveLength(9);
    expect(withoutBill).toEqual([]);
    const half = shipments.find(({ bill }) => bill === billOf(first));
    expect(half).toMatchObject({
      isComplete: false,
      packages: head(nth(airDeclarations().utf8, 0), '件数'),
      missing: [{ key: keyOf(second), outcome: 'set-aside' }],
    });
    expect(half?.declarations.map(({ key }) => key)).toEqual([keyOf(first)]);
    const whole = shipments.find(({ bill }) => bill === billOf(third));
    expect(whole).toMatchObject({ isComplete: true, missing: [] });
    expect(whole?.declarations[0]).toMatchObject({
      outcome: 'accepted',
      reference: keyOf(third),
      customsNumber: expect.stringMatching(/^\d{18}$/u),
    });
    const lines = await csvIn(place, 'delivery-note');
    expect(lines).toHaveLength(1 + 10);
    expect(lines[0]).toMatch(/^提运单是否报全,本票结果,提运单号,/u);
    expect(lines.filter((line) => line.startsWith('未报全,'))).toHaveLength(2);
    expect(lines.find((line) => line.includes(keyOf(second)))).toMatch(
      /^未报全,缺：未申报（数据有误） \(m\.csv \d+\),/u,
    );
  });

  it('is made once where rows of a declaration do not stand together, and leaves nothing behind', async () => {
    const place = await freshPlace();
    const text = await readFile(join(manifests, 'dalian-air-imports-utf8.csv'), 'utf8');
    const [header = '', line = '', ...rest] = text.trimEnd().split('\r\n');
    await writeFile(join(place.folder, 'm.csv'), [header, ...rest, line, ''].join('\r\n'));
    await declarant(place, ['check', 'm.csv', '--also', 'delivery-note', '--out', 'out', ...day]);
    const { shipments } = await documentIn(place, 'delivery-note');
    expect(shipments.flatMap(({ declarations, missing }) => [...declarations, ...missing])).toHaveLength(10);
    const left = (await readdir(place.folder)).filter((name) => name.startsWith('declarant-'));
    expect(left).toEqual([]);
  });

  it('lists a declaration without a bill apart, and writes no formula into its CSV', async () => {
    const place = await freshPlace();
    const file = await bent(place, (line) => {
      if (line.startsWith(keyOf(first))) return line.replace(billOf(first), '');
      return line.startsWith(keyOf(second)) ? line.replace('N/M', '=HYPERLINK(1)') : line;
    });
    await declarant(place, [
      'check',
      file,
      '--also',
      'delivery-note',
      '--out',
      'out',
      '--lang',
      'en',
      ...day,
    ]);
    const { shipments, withoutBill } = await documentIn(place, 'delivery-note');
    expect(shipments).toHaveLength(9);
    expect(withoutBill).toMatchObject([{ outcome: 'valid' }]);
    const lines = await csvIn(place, 'delivery-note');
    expect(lines.at(-1)).toMatch(/^bill not known,valid \(m\.csv 2\),/u);
    expect(lines.find((line) => line.includes('HYPERLINK'))).toContain(",'=HYPERLINK(1),");
  });

  it('takes no file', async () => {
    const place = await freshPlace();
    await copyFile(join(manifests, 'dalian-air-imports-utf8.csv'), join(place.folder, 'm.csv'));
    const { code, stderr } = await declarant(place, ['check', 'm.csv', '--also', 'delivery-note=x.csv']);
    expect(code).toBe(2);
    expect(stderr).toContain('--also delivery-note');
  });
});

describe('a further document', () => {
  it('is a folder of data: the container list has one line a container, of sea declarations alone', async () => {
    const place = await freshPlace();
    for (const name of ['dalian-sea-exports.xlsx', 'dalian-air-imports-utf8.csv'])
      await copyFile(join(manifests, name), join(place.folder, name));
    const files = ['dalian-sea-exports.xlsx', 'dalian-air-imports-utf8.csv'];
    const also = ['--also', 'container-list,delivery-note', '--out', 'out'];
    await declarant(place, ['check', ...files, ...also, ...day]);
    const { shipments } = await documentIn(place, 'container-list');
    const containers = seaDeclarations().reduce((sum, made) => sum + (made.containers?.length ?? 0), 0);
    expect(shipments).toHaveLength(20);
    expect(await csvIn(place, 'container-list')).toHaveLength(1 + containers);
    expect((await documentIn(place, 'delivery-note')).shipments).toHaveLength(30);
  });

  it('is made from a folder that was dropped into a copy of the pack, without a line of code', async () => {
    const place = await freshPlace();
    await cp(packFolder, join(place.folder, 'pack'), { recursive: true });
    const own = join(place.folder, 'pack', 'documents', 'goods-list');
    await mkdir(own);
    const titled = (zh: string, en: string): object => ({ zh, en });
    const element = (name: string, level: string, from: string, bring = 'first'): object => ({
      name,
      level,
      from,
      bring,
      title: titled(name, name),
      source: 'a test',
    });
    const document = {
      version: '1',
      kind: 'produce',
      title: titled('货物清单', 'Goods list'),
      called: titled('货物清单', 'goods list'),
      purpose: titled('给仓库', 'for the warehouse'),
      shipment: 'DecHead.BillNo',
      csvLine: 'goods',
      elements: [
        element('bill', 'shipment', 'DecHead.BillNo', 'same'),
        element('weight', 'shipment', 'DecHead.GrossWet', 'sum'),
        element('reference', 'declaration', 'Run.Reference'),
        element('goodsName', 'goods', 'DecLists.GName'),
      ],
    };
    await writeFile(join(own, 'document.json'), JSON.stringify(document));
    await copyFile(join(manifests, 'dalian-air-imports-utf8.csv'), join(place.folder, 'm.csv'));
    const words = ['check', 'm.csv', '--pack', 'pack', '--also', 'goods-list', '--out', 'out', ...day];
    const { code } = await declarant(place, words);
    expect(code).toBe(0);
    const lines = await csvIn(place, 'goods-list');
    expect(lines).toHaveLength(1 + 40);
    const made: Document = JSON.parse(await readFile(join(place.folder, 'out', 'goods-list.json'), 'utf8'));
    expect(made.shipments).toHaveLength(10);
    const [first] = made.shipments;
    expect(first?.declarations[0]).toMatchObject({ reference: nth(airDeclarations().utf8, 0).key });
    await writeFile(join(own, 'document.json'), JSON.stringify({ ...document, shipment: 'DecHead.Bill' }));
    const broken = await declarant(place, words);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('the pack has no field DecHead.Bill');
    expect(broken.stderr).toContain(join('goods-list', 'document.json'));
  });
});
