/** One ledger: many processes want it and one has it; and a copy of it goes on elsewhere without sending anything again. */
import { cpSync, mkdtempSync, readFileSync, rmSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifest } from './manifest.ts';
import { type FaultWindow, setUp, startFaultWindow, startImport } from './place.ts';

let folder: string;
let window: FaultWindow;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'declarant-一本-'));
});
afterEach(async () => {
  await window.close();
  rmSync(folder, { recursive: true, force: true });
});
const promises = { settle: 1, timeout: 300 };
const uploads = (log: string): number =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"upload"')).length;

test('of 20 processes on one ledger one works, and 19 leave with exit 11', { timeout: 180_000 }, async () => {
  const log = join(folder, 'window.jsonl');
  window = await startFaultWindow({
    kind: 'key',
    log,
    seed: 1,
    faults: 0,
    lateMs: 0,
    perRequest: 50,
    script: ['never'],
  });
  setUp({ folder, address: window.address, kind: 'key', promises }, manifest(3));
  const holds = new Promise<void>(
    (resolve) => (window.onSeen = (what) => void (what === 'upload' && resolve())),
  );
  const first = startImport(folder, { results: 'results-first' });
  await holds;
  const others = Array.from({ length: 19 }, (_, index) =>
    startImport(folder, { results: `results-${index}` }),
  );
  const codes = await Promise.all(others.map(async ({ ended }) => (await ended).code));
  expect(codes).toEqual(Array.from({ length: 19 }, () => 11));
  expect([first.child.exitCode, uploads(log)]).toEqual([null, 1]);
  first.child.kill('SIGKILL');
  await first.ended;
});

test(
  'a ledger copied to another folder goes on with 10,000 rows and sends nothing again',
  { timeout: 180_000 },
  async () => {
    const here = join(folder, 'here');
    const there = join(folder, '那边');
    const log = join(folder, 'seen.jsonl');
    const perDeclaration = manifest(1).rows.length;
    window = await startFaultWindow({ kind: 'key', log, seed: 1, faults: 0, lateMs: 0, perRequest: 500 });
    setUp(
      { folder: here, address: window.address, kind: 'key', promises },
      manifest(Math.ceil(10_000 / perDeclaration)),
    );
    expect((await startImport(here, { results: 'results-1', wait: 60 }).ended).code).toBe(0);
    const before = uploads(log);
    cpSync(here, there, { recursive: true });
    renameSync(here, `${here} gone`);
    expect((await startImport(there, { results: 'results-2', wait: 60 }).ended).code).toBe(0);
    expect([before > 0, uploads(log)]).toEqual([true, before]);
  },
);
