/** `declarant check` of a workbook, whole process, against exceljs's streaming reader alone: `node bench/check-xlsx.ts [--rows N] [--rounds N] [--write]`. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import ExcelJS from 'exceljs';
import { openBook } from '../src/formats/index.ts';
import { writeManifest } from './manifest.ts';
import { interleaved, keepResults } from './measure.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string' }, rounds: { type: 'string' }, write: { type: 'boolean' } },
});
const rows = Number(values.rows ?? '100000');
const scratch = mkdtempSync(path.join(tmpdir(), 'declarant-bench-'));

/** The manifest of the CSV benchmark as a workbook: texts in shared strings, as Excel writes them. */
async function writeWorkbook(csv: string, file: string): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings: true });
  const sheet = workbook.addWorksheet('进口');
  const book = await openBook(csv, {});
  for await (const chunk of book.tables[0]?.rows() ?? []) {
    for (const { cells } of chunk) sheet.addRow([...cells]).commit();
  }
  await book.close();
  await workbook.commit();
}

try {
  const csv = path.join(scratch, 'manifest.csv');
  const file = path.join(scratch, 'manifest.xlsx');
  writeManifest(rows, csv);
  await writeWorkbook(csv, file);
  const env = { XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: scratch, LANG: 'en_US.UTF-8' };
  const launcher = path.join(import.meta.dirname, '..', 'bin', 'declarant.js');
  const [reference, check] = await interleaved(
    [
      { name: 'exceljs stream', args: [path.join(import.meta.dirname, 'xlsx-read.ts'), 'exceljs', file] },
      { name: 'check', args: [launcher, 'check', file, '--quiet'], env },
    ],
    Number(values.rounds ?? '3'),
    scratch,
  );
  if (reference === undefined || check === undefined) throw new Error('nothing was measured');
  const ratio = { user: check.userMs / reference.userMs, wall: check.wallMs / reference.wallMs };
  console.log(
    `${rows} rows, ${statSync(file).size} bytes: check ${check.wallMs.toFixed(0)} ms, ${check.peakMiB.toFixed(0)} MiB; ` +
      `exceljs stream ${reference.wallMs.toFixed(0)} ms, ${reference.peakMiB.toFixed(0)} MiB; ` +
      `ratio ${ratio.user.toFixed(2)} (CPU), ${ratio.wall.toFixed(2)} (wall)`,
  );
  if (values.write === true) keepResults('check-xlsx', { rows, reference, check, ratio });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
