/** Changes the program in small ways, one at a time, and tells which changes no test noticed: `npm run mutation -- states rules`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { type Group, groups } from './groups.ts';
import { record } from './record.ts';
import { isSurvivor, type Mutant, readMutants, type Reviewed, scoreOf, unreviewed } from './survivors.ts';

const leastScore = 85;
const root = new URL('../../', import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: 'string', default: '2' },
    /** These files only, or lines of them: `src/model/state.ts:30-40`. */
    only: { type: 'string', multiple: true, default: [] },
    /** Writes the scores of the groups tried into `bench/results/mutation.json`, beside those of the others. */
    record: { type: 'boolean', default: false },
    /** Writes the survivors that nobody reviewed to this file, as entries that lack their reason. */
    list: { type: 'string' },
  },
});

/** Stryker keeps global state: one group after another, each with its own tests. */
async function mutate(
  { name, mutate: files, tests }: Group,
  only: readonly string[],
): Promise<readonly Mutant[]> {
  process.env['MUTATION_TESTS'] = tests.join(' ');
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const work = mkdtempSync(join(tmpdir(), `mutation-${name}-`));
  const stryker = new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: only.length > 0 ? [...only] : [...files],
    concurrency: Number(values.concurrency),
    coverageAnalysis: 'perTest',
    // TypeScript 7 has no API by which Stryker could read it.
    tsconfigFile: 'none.json',
    reporters: ['dots'],
    tempDirName: work,
    timeoutMS: 5_000,
  });
  try {
    return readMutants(await stryker.runMutationTest(), (file) => texts.get(file) ?? '');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const chosen = positionals.length === 0 ? groups : groups.filter(({ name }) => positionals.includes(name));
if (chosen.length < positionals.length)
  throw new Error(`groups: ${groups.map(({ name }) => name).join(' ')}`);
process.chdir(fileURLToPath(root));
const reviewed: readonly Reviewed[] = JSON.parse(readFileSync('test/mutation/reviewed.json', 'utf8'));
const all: Mutant[] = [];
let isHeld = true;
for (const group of chosen) {
  const startedMs = performance.now();
  const mutants = await mutate(group, values.only);
  all.push(...mutants);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  process.stdout.write(`${group.name}: ${said(mutants)}, ${seconds} s\n`);
  const open = unreviewed(mutants, reviewed);
  for (const { file, line, from, to, kind, status } of open)
    process.stdout.write(`  ${file}:${line} ${kind} ${status}\n    - ${from}\n    + ${to}\n`);
  if (group.isHeld && open.length > 0) isHeld = false;
}

function said(mutants: readonly Mutant[]): string {
  const survived = mutants.filter(isSurvivor).length;
  return `${scoreOf(mutants).toFixed(1)} % of ${mutants.length} mutants, ${survived} survived, ${unreviewed(mutants, reviewed).length} of them not reviewed`;
}

process.stdout.write(`all: ${said(all)}\n`);
if (!isHeld) process.stdout.write('FAILED: a survivor nobody reviewed, where none may be\n');
if (scoreOf(all) < leastScore) process.stdout.write(`FAILED: below ${leastScore} %\n`);
process.exitCode = isHeld && scoreOf(all) >= leastScore ? 0 : 1;
if (values.list !== undefined) {
  const open = unreviewed(all, reviewed).map(({ file, source, from, to }) => ({
    file,
    source,
    from,
    to,
    reason: '',
  }));
  writeFileSync(values.list, `${JSON.stringify(open, undefined, 2)}\n`);
}
if (values.record && values.only.length === 0) record(all, new Date().toISOString().slice(0, 10));
