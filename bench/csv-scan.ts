/** Reading a CSV whole (encoding, delimiter, digest and rows), against csv-parse alone splitting the same file: `node bench/csv-scan.ts [--rows N] [--rounds N] [--write]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBook } from '../src/formats/index.ts';
import { writeManifest } from './manifest.ts';
import { interleaved, keepResults } from './measure.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    rounds: { type: 'string' },
    write: { type: 'boolean' },
    /** What the measured process does: read this file. */
    read: { type: 'string' },
  },
});

async function readWhole(file: string): Promise<void> {
  let rows = 0;
  let characters = 0;
  const book = await openBook(file);
  for (const table of book.tables) {
    for await (const chunk of table.rows()) {
      rows += chunk.length;
      for (const { cells } of chunk) for (const cell of cells) characters += cell.length;
    }
  }
  await book.digest();
  await book.close();
  console.log(JSON.stringify({ rows, characters }));
}

async function compare(rows: number, rounds: number): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'declarant-bench-'));
  try {
    const file = path.join(scratch, 'manifest.csv');
    writeManifest(rows, file);
    const jobs = [
      { name: 'csv-parse', args: [path.join(import.meta.dirname, 'split-csv.ts'), file] },
      { name: 'csv-scan', args: [import.meta.filename, '--read', file] },
    ];
    const [reference, ours] = await interleaved(jobs, rounds, scratch);
    if (reference === undefined || ours === undefined) throw new Error('nothing was measured');
    const ratio = { user: ours.userMs / reference.userMs, wall: ours.wallMs / reference.wallMs };
    console.log(
      `${rows} rows, whole processes, median of ${rounds}: ` +
        `${ratio.user.toFixed(2)} × csv-parse (CPU), ${ratio.wall.toFixed(2)} × (wall); ` +
        `peak ${ours.peakMiB.toFixed(0)} MiB, csv-parse ${reference.peakMiB.toFixed(0)} MiB`,
    );
    if (values.write === true) keepResults('csv-scan', { rows, rounds, reference, ours, ratio });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (values.read === undefined) await compare(Number(values.rows ?? '100000'), Number(values.rounds ?? '5'));
else await readWhole(values.read);
