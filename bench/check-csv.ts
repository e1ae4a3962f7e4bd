/** `declarant check` of a CSV, whole process, against csv-parse alone splitting the same file: `node bench/check-csv.ts [--rows N]… [--million] [--rounds N] [--write]`. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeManifest } from './manifest.ts';
import { interleaved, keepResults, type Job } from './measure.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', multiple: true },
    million: { type: 'boolean' },
    rounds: { type: 'string' },
    write: { type: 'boolean' },
  },
});
const sizes = (values.rows ?? ['100000', ...(values.million === true ? ['1000000'] : [])]).map(Number);
const rounds = Number(values.rounds ?? '5');
const scratch = mkdtempSync(path.join(tmpdir(), 'declarant-bench-'));
const launcher = path.join(import.meta.dirname, '..', 'bin', 'declarant.js');

function jobs(file: string): readonly Job[] {
  // Nothing of the person who measures: no configuration, no ledger.
  const env = { XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: scratch, LANG: 'en_US.UTF-8' };
  const out = path.join(scratch, 'out');
  mkdirSync(out, { recursive: true });
  return [
    { name: 'csv-parse', args: [path.join(import.meta.dirname, 'split-csv.ts'), file] },
    { name: 'check', args: [launcher, 'check', file, '--quiet'], env },
    { name: 'check --out', args: [launcher, 'check', file, '--out', out, '--quiet'], env },
  ];
}

try {
  const results = [];
  for (const rows of sizes) {
    const file = path.join(scratch, `manifest-${rows}.csv`);
    writeManifest(rows, file);
    const [reference, check, written] = await interleaved(jobs(file), rounds, scratch);
    if (reference === undefined || check === undefined || written === undefined)
      throw new Error('nothing was measured');
    const ratio = { user: check.userMs / reference.userMs, wall: check.wallMs / reference.wallMs };
    const ratioWritten = { user: written.userMs / reference.userMs, wall: written.wallMs / reference.wallMs };
    results.push({
      rows,
      bytes: statSync(file).size,
      rounds,
      reference,
      check,
      written,
      ratio,
      ratioWritten,
    });
    console.log(
      `${rows} rows, ${Math.round(statSync(file).size / rows)} bytes each: ` +
        `check ${check.userMs.toFixed(0)} ms CPU, ${check.wallMs.toFixed(0)} ms, ${check.peakMiB.toFixed(0)} MiB; ` +
        `csv-parse ${reference.userMs.toFixed(0)} ms CPU, ${reference.wallMs.toFixed(0)} ms, ${reference.peakMiB.toFixed(0)} MiB; ` +
        `ratio ${ratio.user.toFixed(2)} (CPU), ${ratio.wall.toFixed(2)} (wall); ` +
        `with result files ${ratioWritten.user.toFixed(2)} (CPU), ${ratioWritten.wall.toFixed(2)} (wall), ${written.peakMiB.toFixed(0)} MiB`,
    );
    rmSync(file);
  }
  const [small, large] = [results[0], results.at(-1)];
  if (small !== undefined && large !== undefined && small !== large) {
    console.log(`peak memory grew ${(large.check.peakMiB / small.check.peakMiB).toFixed(2)}-fold`);
  }
  if (values.write === true) keepResults('check-csv', results);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
