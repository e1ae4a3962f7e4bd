/** `declarant check` with a cargo manifest to compare with, against the same check without, whole processes in turn: `node bench/also.ts [--rows N] [--rounds N] [--keep]`; `--keep` writes `bench/results/also.json`. */
import { parse } from 'csv-parse/sync';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeManifest } from './manifest.ts';
import { keepResults, median, runOnce, type Sample } from './measure.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string' }, rounds: { type: 'string' }, keep: { type: 'boolean' } },
});
const rows = Number(values.rows ?? '20000');
const rounds = Number(values.rounds ?? '5');
const scratch = mkdtempSync(path.join(tmpdir(), 'declarant-bench-'));
const launcher = path.join(import.meta.dirname, '..', 'bin', 'declarant.js');

/** One row a bill, with what its declaration says: all of them agree. Returns how many. */
function writeCargo(manifest: string, file: string): number {
  const records: readonly Readonly<Record<string, string>>[] = parse(readFileSync(manifest), {
    bom: true,
    columns: true,
  });
  const bills = new Map(
    records.map(({ 提运单号: bill = '', 件数: packages = '', '毛重（千克）': weight = '' }) => [
      bill,
      `${bill},${packages},${weight}\n`,
    ]),
  );
  writeFileSync(file, `AWB No.,Pieces,Gross Weight (KG)\n${[...bills.values()].join('')}`);
  return bills.size;
}

type Pair = { readonly plain: Sample; readonly also: Sample };

try {
  const manifest = path.join(scratch, 'manifest.csv');
  const cargo = path.join(scratch, 'cargo.csv');
  writeManifest(rows, manifest);
  const bills = writeCargo(manifest, cargo);
  // Nothing of the person who measures: no configuration, no ledger.
  const env = { XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: scratch, LANG: 'en_US.UTF-8' };
  const args = [launcher, 'check', manifest, '--quiet'];
  const timed = async (name: string, more: readonly string[]): Promise<Sample> => {
    const sample = await runOnce({ name, args: [...args, ...more], env }, scratch);
    // A bill that did not agree, or was not listed, would end with 1.
    if (sample.code !== 0) throw new Error(`${name} ended with ${sample.code}`);
    return sample;
  };
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const plain = await timed('check', []);
    const also = await timed('check --also', ['--also', `cargo-manifest=${cargo}`]);
    pairs.push({ plain, also });
  }
  /** Of the rounds. */
  const ratio = (of: (sample: Sample) => number): object => {
    const all = pairs.map(({ plain, also }) => Number((of(also) / of(plain)).toFixed(2)));
    return { median: median(all), least: Math.min(...all), most: Math.max(...all) };
  };
  const mid = (of: (pair: Pair) => number): number => Math.round(median(pairs.map(of)));
  const results = {
    rows,
    bills,
    bytes: { manifest: statSync(manifest).size, cargo: statSync(cargo).size },
    rounds,
    check: { userMs: mid(({ plain }) => plain.userMs), peakMiB: mid(({ plain }) => plain.peakMiB) },
    alsoCargoManifest: { userMs: mid(({ also }) => also.userMs), peakMiB: mid(({ also }) => also.peakMiB) },
    ratio: { cpu: ratio(({ userMs }) => userMs), wall: ratio(({ wallMs }) => wallMs) },
  };
  if (values.keep === true) keepResults('also', results);
  console.log(JSON.stringify(results, undefined, 2));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
