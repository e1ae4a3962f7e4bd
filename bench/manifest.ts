/** Writes a large, valid manifest to measure with: `node bench/manifest.ts --rows N --out FILE.csv`; the same bytes each time. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { airGoodsColumns, airHeadColumns } from '../fixtures/making/air-columns.ts';
import { airImport } from '../fixtures/making/air-imports.ts';
import { csvText } from '../fixtures/making/csv.ts';
import type { Cells, Column } from '../fixtures/making/manifest.ts';
import { seededRandom } from '../fixtures/making/random.ts';

/** Left out, so that 60 columns stay. */
const leftOut = new Set([
  '许可证号',
  '备案号',
  '备案序号',
  '货物存放地点',
  '报关单类型',
  '保险费币制',
  '启运日期',
  '报关单备注',
]);
const kept = (columns: readonly Column[]): readonly Column[] =>
  columns.filter(({ header }) => !leftOut.has(header));
const headColumns = kept(airHeadColumns);
const goodsColumns = kept(airGoodsColumns);

/** Insurance in per cent only: its currency has no column here. Marks on some declarations go over two lines. */
function headOf(made: Cells, marks: string): Cells {
  const head: Record<string, Cells[string]> = { ...made, 标记唛码: marks };
  if (head['保险费标记'] === '3') Object.assign(head, { 保险费标记: '1', '保费/率': '0.3' });
  return head;
}

/** A line of CSV without its line end. */
function line(columns: readonly Column[], cells: Cells): string {
  return rowsText(columns, [cells]).slice(0, -2);
}

/** Rows alone: the header line is cut off. */
function rowsText(columns: readonly Column[], rows: readonly Cells[]): string {
  const text = csvText(columns, rows, 'iso');
  return text.slice(text.indexOf('\r\n') + 2);
}

/** Exactly `rows` goods lines, in declarations of one to eight; chunks of about a MiB. */
export function* manifestText(rows: number): Generator<string> {
  const random = seededRandom(60);
  let chunk = `\ufeff${csvText([...headColumns, ...goodsColumns], [], 'iso')}`;
  let left = rows;
  for (let serial = 1; left > 0; serial += 1) {
    const lines = Math.min(left, random.whole(1, 8));
    // An 18-digit reference, which a spreadsheet would have spoilt.
    const key = `212611${String(serial).padStart(12, '0')}`;
    const made = airImport({ random, key, serial, lines });
    const marks = random.once(20) ? `C/NO.1-${serial % 90}\nMADE IN "${serial % 7}"` : 'N/M';
    const head = line(headColumns, headOf(made.head, marks));
    for (const goods of made.goods) chunk += `${head},${line(goodsColumns, goods)}\r\n`;
    left -= lines;
    if (chunk.length > 500_000) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

export function writeManifest(rows: number, file: string): void {
  const out = openSync(file, 'w');
  try {
    for (const chunk of manifestText(rows)) writeSync(out, chunk);
  } finally {
    closeSync(out);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rows: { type: 'string' }, out: { type: 'string' } } });
  const rows = Number(values.rows ?? '100000');
  if (!Number.isSafeInteger(rows) || rows < 1 || values.out === undefined) {
    console.error('node bench/manifest.ts --rows N --out FILE.csv');
    process.exitCode = 2;
  } else {
    writeManifest(rows, values.out);
  }
}
