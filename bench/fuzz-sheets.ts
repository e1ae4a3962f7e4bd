/** Reads thousands of damaged sheets: each must end in rows or in a Stop, soon. `node bench/fuzz-sheets.ts [count] [seed] [strict]`; with `strict`, workbooks must read the same without the fast paths. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { openBook } from '../src/formats/index.ts';
import { Stop } from '../src/model/stop.ts';
import { isDeepStrictEqual } from 'node:util';
import { strictOutcome, usualOutcome } from '../test/formats/xlsx/strict.ts';
import { mutateBytes, mutateWorkbook, random } from './mutate-sheet.ts';

const [count = 20_000, seed = 1] = process.argv.slice(2, 4).map(Number);
const isHeldAgainstStrict = process.argv[4] === 'strict';
const corpus = join(import.meta.dirname, '../fixtures/sheets');
const files = ['csv', 'xlsx'].flatMap((kind) =>
  readdirSync(join(corpus, kind))
    .filter((name) => name !== 'expected.json')
    .map((name) => join(corpus, kind, name)),
);
const folder = mkdtempSync(join(tmpdir(), 'fuzz-sheets-'));
const tally = { rows: 0, stops: 0, defects: 0, slowestMs: 0 };
for (let number = 0; number < count; number += 1) {
  const next = random(seed * 1_000_003 + number);
  const source = files[Math.floor(next() * files.length)] ?? '';
  const bytes = readFileSync(source);
  const path = join(folder, `sheet${extname(source)}`);
  writeFileSync(
    path,
    extname(source).startsWith('.xls') ? mutateWorkbook(bytes, next) : mutateBytes(bytes, next),
  );
  const before = performance.now();
  try {
    const book = await openBook(path);
    try {
      for (const table of book.tables) for await (const rows of table.rows()) tally.rows += rows.length;
    } finally {
      await book.close();
    }
  } catch (error) {
    if (error instanceof Stop) tally.stops += 1;
    else {
      tally.defects += 1;
      console.log(`${number} of seed ${seed}: ${source}`, error);
    }
  }
  const took = performance.now() - before;
  if (isHeldAgainstStrict && extname(source).startsWith('.xls'))
    await compare(path, `${number} of seed ${seed}: ${source}`);
  if (took > tally.slowestMs) tally.slowestMs = Math.round(took);
  if (took > 10_000) console.log(`${number} of seed ${seed}: ${source} took ${Math.round(took)} ms`);
}
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify({ count, seed, ...tally, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }),
);
process.exitCode = tally.defects > 0 ? 1 : 0;

async function compare(path: string, name: string): Promise<void> {
  const [usual, strict] = [await usualOutcome(path), await strictOutcome(path)];
  const bothRefuse = typeof usual === 'string' && typeof strict === 'string';
  if (bothRefuse || isDeepStrictEqual(usual, strict)) return;
  cpSync(path, `${tmpdir()}/fuzz-${tally.defects}.xlsx`);
  tally.defects += 1;
  console.log(
    name,
    'reads differently:',
    JSON.stringify(usual).slice(0, 400),
    JSON.stringify(strict).slice(0, 400),
  );
}
