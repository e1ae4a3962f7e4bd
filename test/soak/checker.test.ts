/** The checker of the crash soak, tested itself: evidence of an honest run, with one thing at a time made false. */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { check, checkAfterKill } from './checker/check.ts';
import { type Campaign, type Fate, type Json, linesOf } from './checker/evidence.ts';
import { manifest } from './manifest.ts';
import { setUp, startFaultWindow, startImport } from './place.ts';

const canary = 'canary-that-nobody-may-see';
const fates = new Map<number, Fate>([
  [2, 'flawed'],
  [3, 'again'],
  [4, 'conflict'],
  [5, 'refused'],
]);
const input = manifest(8, { prefix: 'C', fates });
const ref = (index: number): string => `C00000${index}`;

let honest: Campaign;
let campaign: Campaign;

/** One run that nobody kills, at a window that asks for rest once. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-检查-'));
  const window = await startFaultWindow({
    kind: 'key',
    log: join(folder, 'window.jsonl'),
    seed: 1,
    faults: 0,
    lateMs: 0,
    perRequest: 3,
    script: ['429'],
    poison: [ref(5)],
  });
  const promises = { settle: 1, timeout: 300 };
  setUp({ folder, address: window.address, kind: 'key', promises, canary }, input);
  const results = join(folder, 'results-0');
  const files = input.files.map(({ name }) => name);
  const { code, printed } = await startImport(folder, { results, files, wait: 60 }).ended;
  await window.close();
  honest = { folder, kind: 'key', canary, rows: input.rows, results, printed, exit: code ?? -1 };
}, 120_000);
afterAll(() => rmSync(honest.folder, { recursive: true, force: true }));

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-假证-'));
  cpSync(honest.folder, folder, { recursive: true });
  campaign = { ...honest, folder, results: join(folder, 'results-0') };
});
afterEach(() => rmSync(campaign.folder, { recursive: true, force: true }));

/** The invariants that the checker names, each once. */
const named = (of: Campaign = campaign): readonly string[] => [
  ...new Set(check(of).map((each) => each.slice(0, each.indexOf(':')))),
];

function changeLog(change: (log: Json[]) => readonly Json[]): void {
  const file = join(campaign.folder, 'window.jsonl');
  const log = change([...linesOf(file)]);
  writeFileSync(file, log.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

function changeLedger(sql: string): void {
  const db = new DatabaseSync(join(campaign.folder, 'ledger.db'), { enableForeignKeyConstraints: false });
  db.exec(sql);
  db.close();
}

function changeResults(change: (lines: string[]) => readonly string[]): void {
  const file = join(campaign.results, 'results.ndjson');
  writeFileSync(file, change(readFileSync(file, 'utf8').split('\n')).join('\n'));
}

test('an honest campaign: nothing is wrong', () => {
  expect([campaign.exit, check(campaign)]).toEqual([1, []]);
});

describe('evidence with one lie in it', () => {
  test('I1, a row is told twice and another not at all', () => {
    changeResults((lines) => {
      const flawed = lines.findIndex((line) => line.includes('set-aside'));
      return lines.with(flawed, lines[0] ?? '');
    });
    expect(named()).toEqual(['I1']);
  });

  test('I1, the sums of the summary are not those of the rows', () => {
    expect(named({ ...campaign, printed: campaign.printed?.replace(/rows \d+/u, 'rows 99') ?? '' })).toEqual([
      'I1',
    ]);
  });

  test('I2, a declaration is accepted twice', () => {
    changeLog((log) => [...log, log.find(({ type }) => type === 'accepted') ?? {}]);
    expect(named()).toEqual(['I2']);
  });

  test('I3, the ledger has accepted what the window has not', () => {
    changeLog((log) => log.filter((entry) => entry['type'] !== 'accepted' || entry['ref'] !== ref(0)));
    expect(named()).toEqual(['I3']);
  });

  test('I3, the window has accepted what is free in the ledger', () => {
    changeLedger(`UPDATE declarations SET state = 'prepared' WHERE key = '${ref(0)}'`);
    expect(named()).toEqual(['I3']);
  });

  test('I4, the ledger has rejected what the window has accepted', () => {
    changeLedger(`UPDATE declarations SET state = 'rejected' WHERE key = '${ref(0)}'`);
    expect(named()).toEqual(['I4']);
  });

  test('I5, a content arrived that was never written down', () => {
    changeLog((log) =>
      log.map((entry) =>
        entry['type'] === 'upload' ? { ...entry, lines: [{ ref: ref(0), digest: '0'.repeat(64) }] } : entry,
      ),
    );
    expect(named()).toEqual(['I5']);
  });

  test('I6, one key comes with two payloads', () => {
    changeLog((log) => [...log, { ...log.findLast(({ type }) => type === 'upload'), body: 'another' }]);
    expect(named()).toEqual(['I6']);
  });

  test('I7, the last run ends with an outcome that is unknown', () => {
    expect(named({ ...campaign, exit: 4 })).toEqual(['I7']);
  });

  test('I8, a batch comes again before the time that the window named', () => {
    changeLog((log) => {
      const told = log.find(({ type }) => type === 'retry-after') ?? {};
      const next = log.findIndex(
        ({ type, key, at }) => type === 'announced' && key === told['key'] && Number(at) > Number(told['at']),
      );
      return log.with(next, { ...log[next], at: Number(told['at']) + 5 });
    });
    expect(named()).toEqual(['I8']);
  });

  test('I9, a declaration that our own checks set aside stands in the ledger', () => {
    const db = new DatabaseSync(join(campaign.folder, 'ledger.db'));
    const [row = {}] = db.prepare('SELECT * FROM declarations ORDER BY id DESC LIMIT 1').all();
    const other: Record<string, unknown> = { id: 999, key: ref(2), state: 'prepared', client_seq_no: null };
    const names = Object.keys(row);
    db.prepare(
      `INSERT INTO declarations (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ).run(...names.map((name) => (name in other ? sqlValue(other[name]) : (row[name] ?? null))));
    db.close();
    expect(named()).toEqual(['I9']);
  });

  test('I10, a file of results is cut off', () => {
    truncateSync(join(campaign.results, 'results.csv'), 400);
    expect(named()).toEqual(['I10']);
  });

  test('I10, an earlier run that was killed left half a file', () => {
    cpSync(campaign.results, join(campaign.folder, 'results-9'), { recursive: true });
    truncateSync(join(campaign.folder, 'results-9', 'results.ndjson'), 400);
    expect(named()).toEqual(['I10']);
  });

  test('I11, the token stands in what was printed', () => {
    writeFileSync(join(campaign.folder, 'printed-1.txt'), `authorization: Bearer ${canary}\n`);
    expect(named()).toEqual(['I11']);
  });

  test('I12, the ledger is not whole', () => {
    changeLedger('UPDATE versions SET body = body; UPDATE declarations SET run = 9999');
    expect(named()).toEqual(['I12']);
  });

  test('I13, there were more requests than attempts written down', () => {
    changeLedger('DELETE FROM attempts');
    expect(named()).toEqual(['I13']);
  });
});

test('right after a kill: what has arrived must stand in the ledger, and a line that is only half written does not count', () => {
  const file = join(campaign.folder, 'window.jsonl');
  expect(checkAfterKill(campaign.folder, linesOf(file))).toEqual([]);
  appendFileSync(file, '{"type":"announced","key":"never wri');
  expect(checkAfterKill(campaign.folder, linesOf(file))).toEqual([]);
  appendFileSync(file, 'tten","at":1}\n');
  expect(checkAfterKill(campaign.folder, linesOf(file))).toEqual([
    'I13: batch never written: 1 requests, 0 attempts written down',
  ]);
});

function sqlValue(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
