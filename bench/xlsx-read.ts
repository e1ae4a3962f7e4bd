/** Measures the reading of a workbook of 100,000 × 60 cells, ours against exceljs's streaming reader: `node bench/xlsx-read.ts [rows] [rounds]`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipOf } from '../fixtures/zip.ts';
import { keepResults } from './measure.ts';
import { xlsx } from '../src/formats/xlsx/index.ts';

const columns = 60;
const [mode = '100000', argument = '3'] = process.argv.slice(2);

if (mode === 'ours') await readOurs(argument);
else if (mode === 'exceljs') await readExceljs(argument);
else if (mode === 'write') writeFileSync(argument, workbook(Number(process.argv[4] ?? '100000')));
else compare(Number(mode), Number(argument));

type Measured = { readonly seconds: number; readonly cells: number; readonly peakMb: number };

function compare(rows: number, rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'xlsx-read-'));
  try {
    const file = join(folder, 'manifest.xlsx');
    run(['write', file, String(rows)]);
    const found: Record<'ours' | 'exceljs', Measured[]> = { ours: [], exceljs: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const reader of ['ours', 'exceljs'] as const) found[reader].push(measured(reader, file));
    }
    const [ours, other] = [median(found.ours), median(found.exceljs)];
    console.log(`${rows} rows × ${columns}, whole process, median of ${rounds}, Node ${process.version}`);
    for (const [name, one] of [
      ['ours', ours],
      ['exceljs stream', other],
    ] as const) {
      console.log(`  ${name.padEnd(15)} ${one.seconds.toFixed(2)} s   ${one.peakMb} MB   ${one.cells} cells`);
    }
    keepResults('xlsx-read', {
      rows,
      columns,
      rounds,
      ours,
      exceljsStream: other,
      ratio: ours.seconds / other.seconds,
    });
    console.log(`  ratio ${(ours.seconds / other.seconds).toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measured(reader: string, file: string): Measured {
  const before = process.hrtime.bigint();
  const told = JSON.parse(run([reader, file])) as { cells: number; peakMb: number };
  return { seconds: Number(process.hrtime.bigint() - before) / 1e9, ...told };
}

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function median(all: readonly Measured[]): Measured {
  const sorted = all.toSorted((a, b) => a.seconds - b.seconds);
  return sorted[Math.floor(sorted.length / 2)] ?? { seconds: Number.NaN, cells: 0, peakMb: 0 };
}

function tell(cells: number): void {
  console.log(JSON.stringify({ cells, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
}

async function readOurs(file: string): Promise<void> {
  // 300,000 rows hold more shared text than the default allows.
  const book = await xlsx.open(file, { limits: { sharedStringBytes: 268_435_456 } });
  let cells = 0;
  for (const table of book.tables) {
    for await (const rows of table.rows())
      for (const row of rows) for (const cell of row.cells) if (cell.length > 0) cells += 1;
  }
  await book.close();
  tell(cells);
}

async function readExceljs(file: string): Promise<void> {
  const { default: exceljs } = await import('exceljs');
  let cells = 0;
  const reader = new exceljs.stream.xlsx.WorkbookReader(file, {
    sharedStrings: 'cache',
    styles: 'cache',
    worksheets: 'emit',
    hyperlinks: 'ignore',
  });
  for await (const sheet of reader) {
    for await (const row of sheet) row.eachCell((cell) => void (cells += cell.value === null ? 0 : 1));
  }
  tell(cells);
}

/** As Excel lays it out: typed numbers and date serials, text in shared strings that follow the sheet. About 11 new strings a row. */
function workbook(rows: number): Buffer {
  const strings = new Map<string, number>();
  const sheet: string[] = [];
  for (let row = 1; row <= rows; row += 1) {
    let cells = '';
    for (let column = 0; column < columns; column += 1) {
      const reference = `${letters(column)}${row}`;
      const text = row === 1 ? `列${column}` : textOf(row, column);
      if (typeof text === 'string') cells += `<c r="${reference}" t="s"><v>${indexOf(strings, text)}</v></c>`;
      else cells += `<c r="${reference}" s="${column % 10 === 3 ? 1 : 0}"><v>${text}</v></c>`;
    }
    sheet.push(`<row r="${row}" spans="1:${columns}" x14ac:dyDescent="0.25">${cells}</row>`);
  }
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
  const rel = (id: number, kind: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${office}/${kind}" Target="${target}"/>`;
  const rels = (body: string): string =>
    `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${body}</Relationships>`;
  const start = `${head}<worksheet xmlns="${main}" xmlns:r="${office}" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><dimension ref="A1:BH${rows}"/><sheetData>`;
  const sst = [...strings.keys()].map((text) => `<si><t>${text}</t></si>`);
  return zipOf([
    {
      name: '[Content_Types].xml',
      data: `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    },
    { name: '_rels/.rels', data: rels(rel(1, 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      data: `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="报关" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: rels(
        rel(1, 'worksheet', 'worksheets/sheet1.xml') +
          rel(2, 'styles', 'styles.xml') +
          rel(3, 'sharedStrings', 'sharedStrings.xml'),
      ),
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      data: Buffer.concat([
        Buffer.from(start),
        ...sheet.map((row) => Buffer.from(row)),
        Buffer.from('</sheetData></worksheet>'),
      ]),
    },
    {
      name: 'xl/styles.xml',
      data: `${head}<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    },
    {
      name: 'xl/sharedStrings.xml',
      data: Buffer.concat([
        Buffer.from(`${head}<sst xmlns="${main}">`),
        ...sst.map((one) => Buffer.from(one)),
        Buffer.from('</sst>'),
      ]),
    },
  ]);
}

function indexOf(strings: Map<string, number>, text: string): number {
  const known = strings.get(text);
  if (known !== undefined) return known;
  strings.set(text, strings.size);
  return strings.size - 1;
}

function textOf(row: number, column: number): string | number {
  switch (column % 10) {
    case 0:
      return column < 50 ? `HT-2026-${row}-${column}` : `供应商 ${row % 500}`;
    case 1:
      return `商品名称，规格 ${column < 30 ? row : row % 97} 型号${column}`;
    case 2:
      return (row * 7 + column) % 10_000;
    case 3:
      return 46_000 + ((row + column) % 365);
    case 4:
      return `${(row * 13 + column) % 5_000}.${String(row % 100).padStart(2, '0')}`;
    case 5:
      return ['CNY', 'USD', 'EUR'][row % 3] ?? '';
    case 6:
      return column < 30 ? `9131011${String(row).padStart(9, '0')}${column}` : '007';
    case 7:
      return ['千克', '个', '台'][row % 3] ?? '';
    case 8:
      return ((row * 31) % 99_991) / 100;
    default:
      return `备注 ${row % 1000}`;
  }
}

function letters(column: number): string {
  return column < 26
    ? String.fromCharCode(65 + column)
    : String.fromCharCode(64 + Math.floor(column / 26)) + String.fromCharCode(65 + (column % 26));
}
