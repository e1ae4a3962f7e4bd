/** What the ledger costs: writing against a bare synced journal, looking up against a Map, and opening, in one interleaved run. `node bench/ledger.ts 1000000 --keep` writes `bench/results/ledger.json`. */
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { Database } from '../src/ledger/database.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import type { Intent } from '../src/ledger/ledger.ts';
import { digestOf, parseBatchId, parseDeclarationKey, parseRunId } from '../src/model/ids.ts';
import type { DeclarationKey } from '../src/model/ids.ts';
import { keepResults, machineClass, median } from './measure.ts';

const declarations = Number(argv[2] ?? 100_000);
const batchSize = 500;
const lookUps = 20_000;

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the bench made something malformed');
  return value;
}

function keyOf(number: number): DeclarationKey {
  return known(parseDeclarationKey(`131-${number}|2102910001`));
}

/** Four goods items, about 1.6 KB. */
function intentOf(number: number): Intent {
  const items = [1, 2, 3, 4].map((line) => ({
    CodeTS: `84715040${line}0`,
    GName: '便携式计算机',
    GModel: `4|3|品牌：联想|型号：X1-${number}-${line}`,
    GQty: String(line * 3 + (number % 17)),
    GUnit: '001',
    DeclPrice: '1234.50',
    DeclTotal: String(number * line),
    TradeCurr: 'USD',
    OriginCountry: 'USA',
    DestinationCountry: 'CHN',
    DutyMode: '1',
    GNo: String(line),
  }));
  const body = JSON.stringify({
    DecHead: {
      BillNo: `131-${number}`,
      AgentName: '大连某某报关有限公司',
      TradeName: '大连示例贸易有限公司',
      GrossWet: '123.45',
    },
    DecLists: items,
  });
  const line = number * 4 + 2;
  return {
    key: keyOf(number),
    digest: digestOf(body),
    body,
    rows: [{ file: 'a.xlsx', line }, ...[1, 2, 3].map((next) => ({ file: 'a.xlsx', line: line + next }))],
    filled: [1, 2, 3, 4].map((index) => ({
      place: { segment: 'DecLists', index, tag: 'DutyMode' },
      value: '1',
      rule: 'R031',
    })),
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'));
const file = join(folder, 'ledger.sqlite');
const window = { name: 'sandbox', address: 'http://127.0.0.1:1', environment: 'sandbox' };
const open = (): ReturnType<typeof openLedger> =>
  openLedger({ mode: 'write', file, window, now: () => new Date() });
const ledger = await open();
const run = known(parseRunId('20260105-080000-aaaa'));
ledger.beginRun({ run, command: 'bench', pack: 'p', files: [], startedAt: '2026-01-05T08:00:00.000Z' });

const journal = openSync(join(folder, 'journal.ndjson'), 'a');
const at = '2026-01-05T08:00:00.000Z';
let ledgerMs = 0;
let journalMs = 0;
for (let from = 0; from < declarations; from += batchSize) {
  const intents = Array.from({ length: batchSize }, (_, index) => intentOf(from + index));
  const receipts = intents.map(({ key }) => ({
    key,
    id: randomUUID(),
    state: 'received' as const,
    at,
    problems: [],
  }));
  const id = known(parseBatchId(randomUUID()));
  journalMs += timed(() => {
    writeSync(journal, intents.map((intent) => `${JSON.stringify(intent)}\n`).join(''));
    fdatasyncSync(journal);
    writeSync(journal, receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join(''));
    fdatasyncSync(journal);
  });
  ledgerMs += timed(() => {
    ledger.intend(run, { id, pack: 'p', intents }, at);
    const attempt = ledger.beginAttempt(id, at);
    ledger.record(receipts, at);
    ledger.endAttempt(id, attempt, { at, how: 'answered' });
  });
}
closeSync(journal);

const map = new Map(Array.from({ length: declarations }, (_, number) => [keyOf(number), number]));
const asked = Array.from({ length: lookUps }, (_, index) => keyOf((index * 7919) % declarations));
const absent = Array.from({ length: lookUps }, (_, index) => keyOf(declarations + index));
let found = 0;
const mapMs = timed(() => {
  for (const key of asked) if (map.has(key)) found += 1;
});
const hitMs = timed(() => {
  for (let from = 0; from < lookUps; from += batchSize)
    found += ledger.find(asked.slice(from, from + batchSize)).size;
});
const missMs = timed(() => {
  for (let from = 0; from < lookUps; from += batchSize)
    found += ledger.find(absent.slice(from, from + batchSize)).size;
});
if (found !== 2 * lookUps) throw new Error('not everything was found');
ledger.close();
const micro = (ms: number, of: number): number => Number(((ms * 1000) / of).toFixed(2));
const rounds = 3;
const took = new Map<string, number[]>();
async function time(name: string, work: () => unknown): Promise<void> {
  const start = performance.now();
  await work();
  took.set(name, [...(took.get(name) ?? []), performance.now() - start]);
}
/** What opening consists of, in turn, the file in the system's cache. */
for (let round = 0; round < rounds; round += 1) {
  await time('open for writing', async () => (await open()).close());
  await time('open for reading', async () => (await openLedger({ mode: 'read', file })).close());
  const db = new Database(file, { readOnly: true });
  db.configure({ readOnly: true });
  for (const check of ['integrity_check', 'quick_check', 'foreign_key_check'])
    await time(check, () => db.pragma(check));
  for (const table of ['declarations', 'versions', 'receipts', 'bodies'])
    await time(`integrity_check of ${table}`, () => db.pragma(`integrity_check('${table}')`));
  db.close();
}

const results = {
  declarations,
  bytes: statSync(file).size,
  bytesPerDeclaration: Math.round(statSync(file).size / declarations),
  writeUs: {
    ledger: micro(ledgerMs, declarations),
    journal: micro(journalMs, declarations),
    ratio: Number((ledgerMs / journalMs).toFixed(2)),
  },
  lookUpUs: { hit: micro(hitMs, lookUps), miss: micro(missMs, lookUps), map: micro(mapMs, lookUps) },
  openMs: Object.fromEntries([...took].map(([name, each]) => [name, Math.round(median(each))])),
};
if (argv.includes('--keep')) keepResults('ledger', results);
console.log(JSON.stringify({ machine: machineClass(), ...results }, undefined, 2));
rmSync(folder, { recursive: true });
