/** What a ledger costs on a second machine, where all of it was lodged already: the import there against a check of the same file, in turn. `node bench/second-machine.ts 100000 --keep` writes `bench/results/second-machine.json`. */
import { join } from 'node:path';
import { argv } from 'node:process';
import { rmSync, statSync } from 'node:fs';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { copyLedger, importOn, twoMachines } from '../test/power/second-machine.ts';
import { keepResults, median, runOnce } from './measure.ts';

const rows = Number(argv[2] ?? 10_000);
const rounds = rows > 50_000 ? 1 : 3;
const program = join(import.meta.dirname, '../bin/declarant.js');

const sample = await twoMachines(1, 1);
const rowsOfOne = sample.input.rows.length;
await sample.close();
const declarations = Math.ceil(rows / rowsOfOne);
const both = await twoMachines(declarations, 500);
try {
  const first = await importOn(both.first);
  copyLedger(both);
  const lodged = both.requests();
  const file = join(both.second, 'ledger.db');
  const imports: number[] = [];
  const checks: number[] = [];
  const opens: number[] = [];
  const manifest = join(both.second, 'manifest.csv');
  for (let round = 0; round < rounds; round += 1) {
    const openedAt = performance.now();
    const address = { name: 'trial', address: both.window.address, environment: 'test' };
    (await openLedger({ mode: 'write', file, window: address, now: () => new Date() })).close();
    opens.push(performance.now() - openedAt);
    rmSync(join(both.second, 'results-0'), { recursive: true, force: true });
    const startedAt = performance.now();
    const second = await importOn(both.second);
    imports.push(performance.now() - startedAt);
    if (second.code !== first.code || second.told.get('accepted') !== both.input.rows.length)
      throw new Error(`told ${JSON.stringify([...second.told])}, exit ${second.code}: ${second.stderr}`);
    const env = { DECLARANT_LEDGER: join(both.second, 'none.db') };
    const args = [program, 'check', manifest, '--quiet', '--out', join(both.second, 'checked')];
    checks.push((await runOnce({ name: 'check', args, env }, both.second)).wallMs);
  }
  const results = {
    rows: both.input.rows.length,
    declarations,
    requestsToLodge: { first: lodged, second: both.requests() - lodged },
    ledgerBytes: statSync(file).size,
    openLedgerMs: Math.round(median(opens)),
    secondImportMs: Math.round(median(imports)),
    checkMs: Math.round(median(checks)),
    importToCheck: Number((median(imports) / median(checks)).toFixed(2)),
  };
  if (argv.includes('--keep')) keepResults('second-machine', results);
  console.log(JSON.stringify(results, undefined, 2));
} finally {
  await both.close();
}
