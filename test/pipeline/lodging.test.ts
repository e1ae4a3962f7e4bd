/** Lodging with a real sandbox window and a real ledger: nothing lost, nothing twice, whatever the window does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sumOf } from '../../src/ledger/checksum.ts';
import { verifyLedger } from '../../src/ledger/maintenance.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { DeclarationContent } from '../../src/model/declaration.ts';
import { clientSeqNoOf, parseDeclarationKey } from '../../src/model/ids.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import { openWindow } from '../../src/window/index.ts';
import type { SingleWindow } from '../../src/window/single-window.ts';
import { book, errors, pack, runId, trial, type Trial } from './trial-run.ts';
import { bent, declarations, header } from './valid-rows.ts';

let folder: string;
let received: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'declarant-申报-'));
  received = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the window took in, by reference: asked of the window's own check, which sees each new declaration once. */
const check = (content: DeclarationContent): [] => {
  const own = content['Declarant'];
  received.push(own && !Array.isArray(own) ? (own['Reference'] ?? '') : '');
  return [];
};

const numberOf = (key: string): string => {
  const parsed = parseDeclarationKey(key);
  return parsed === undefined ? '' : clientSeqNoOf(parsed);
};

/** As if both keys gave the same number, which no two known keys do. */
function giveNumber(file: string, key: string, number: string): void {
  const db = new DatabaseSync(file);
  const row = db.prepare('SELECT * FROM declarations WHERE key = ?').get(key) ?? {};
  const { sum, client_seq_no, ...others } = row;
  expect([typeof sum, client_seq_no]).toEqual(['number', numberOf(key)]);
  db.prepare('UPDATE declarations SET client_seq_no = ?, sum = ? WHERE key = ?').run(
    number,
    sumOf([...Object.values(others), number] as (string | number | null)[]),
    key,
  );
  db.close();
}

let runs = 0;
async function lodge(
  rows: readonly (readonly string[])[],
  more: Partial<RunOptions> = {},
  wrap = (window: SingleWindow) => window,
): Promise<Trial> {
  const now = (): Date => new Date();
  runs += 1;
  const run = runId(`20261122-0800${String(runs % 60).padStart(2, '0')}-test`);
  const window = await openWindow({
    window: 'sandbox',
    sandbox: { store: join(folder, 'window.db'), check, verdictDelayMs: 20 },
    timeoutMs: 2_000,
  });
  const ledger = await openLedger({
    file: join(folder, '台账.db'),
    now,
    mode: 'write',
    window: { name: 'sandbox', address: window.address, environment: 'sandbox' },
  });
  try {
    ledger.beginRun({ run, command: 'import', pack: pack.name, files: [], startedAt: now().toISOString() });
    return await trial([book('m.csv', [{ rows: [header, ...rows] }])], {
      run,
      mode: 'import',
      ledger,
      window: wrap(window),
      waitMs: 10_000,
      now,
      ...more,
    });
  } finally {
    ledger.close();
    await window.close();
  }
}

const three = declarations.slice(0, 3);
const rows = three.flat();
const remark = (index: number, words: string): readonly (readonly string[])[] =>
  three.flatMap((lines, at) => lines.map((row) => (at === index ? bent(row, { 报关单备注: words }) : row)));
const byKey = ({ results }: Trial): readonly string[] => [
  ...new Set(results.map(({ decision }) => `${decision.key} ${decision.outcome}`)),
];

describe('lodging', () => {
  test('a second run sends nothing and shows the same results', async () => {
    const first = await lodge(rows);
    expect(first.summary).toMatchObject({ exit: 0, byOutcome: { accepted: { declarations: 3 } } });
    expect(received.length).toBe(3);
    const second = await lodge(rows);
    expect(received.length).toBe(3);
    expect(second.summary).toMatchObject({ exit: 0, earlier: 3 });
    const plain = (each: Trial): unknown =>
      each.results.map(({ ref, decision }) => [ref.line, decision.key, decision.outcome, decision.entryId]);
    expect(plain(second)).toEqual(plain(first));
  });

  test('a declaration whose number is another one is told so before anything is sent', async () => {
    const [one = [], other = []] = three;
    const keyOf = ({ results }: Trial): string => results[0]?.decision.key ?? '';
    const key = keyOf(await lodge(one));
    const number = numberOf(keyOf(await trial([book('m.csv', [{ rows: [header, ...other] }])])));
    giveNumber(join(folder, '台账.db'), key, number);
    const done = await lodge(other);
    expect(done.results.flatMap(errors)).toContain('duplicate/number-taken');
    expect(done.summary).toMatchObject({ exit: 1, byOutcome: { 'set-aside': { declarations: 1 } } });
    expect(received.length).toBe(1);
    expect((await verifyLedger(join(folder, '台账.db'))).findings).toHaveLength(1);
  });

  test('an answer that is lost is asked about, and counts once', async () => {
    const done = await lodge(remark(1, '#SANDBOX:lost-answer'));
    expect(done.summary).toMatchObject({ exit: 0, byOutcome: { accepted: { declarations: 3 } } });
    expect(received.length).toBe(3);
  });

  test.each(['unavailable', 'throttle', 'lost-request'])(
    'a window that says %s gets the same batch again, and each declaration once',
    async (fault) => {
      const done = await lodge(remark(0, `#SANDBOX:${fault}`));
      expect(done.summary).toMatchObject({ exit: 0, byOutcome: { accepted: { declarations: 3 } } });
      expect(new Set(received).size).toBe(3);
    },
  );

  test('a rejected declaration is shown as rejected until it is mended, and then lodged as a correction', async () => {
    const first = await lodge(remark(2, '#SANDBOX:reject'));
    expect(first.summary).toMatchObject({
      exit: 1,
      byOutcome: { rejected: { declarations: 1 }, accepted: { declarations: 2 } },
    });
    expect(first.results.flatMap(errors)).toContain('lodge/rejected');
    const again = await lodge(remark(2, '#SANDBOX:reject'));
    expect(again.summary).toMatchObject({ exit: 1, earlier: 3 });
    expect(again.results.flatMap(errors)).toContain('duplicate/already-rejected');
    const mended = await lodge(rows);
    expect(mended.summary).toMatchObject({
      exit: 0,
      earlier: 2,
      byOutcome: { accepted: { declarations: 3 } },
    });
  });

  test('a correction that never arrived is sent again, though the window knows its rejected first version', async () => {
    await lodge(remark(2, '#SANDBOX:reject'));
    const lost = (window: SingleWindow): SingleWindow => ({
      ...window,
      submit: (batch) =>
        Promise.resolve(
          batch.lodgements.map(({ key }) => ({
            kind: 'cannot-know',
            key,
            reason: { cause: 'timeout', retryAfterMs: 3_600_000 },
          })),
        ),
    });
    const unknown = await lodge(rows, { waitMs: 100 }, lost);
    expect(unknown.summary).toMatchObject({ exit: 4, byOutcome: { unknown: { declarations: 1 } } });
    const sent = await lodge(rows);
    expect(sent.summary).toMatchObject({ exit: 0, byOutcome: { accepted: { declarations: 3 } } });
    expect(received.length).toBe(4);
  });

  test('another declaration under a bill that was lodged, or stands twice in the run, is lodged with a word about it', async () => {
    const [first = []] = three;
    const again = (reference: string) => first.map((row) => bent(row, { 业务编号: reference }));
    const both = await lodge([...first, ...again('SPLIT-2')]);
    expect(both.summary).toMatchObject({ exit: 0, byOutcome: { accepted: { declarations: 2 } } });
    expect(both.results.at(-1)?.decision.problems.map(({ code }) => code)).toContain(
      'duplicate/same-shipment-in-run',
    );
    const later = await lodge(again('SPLIT-3'));
    const said = later.results[0]?.decision.problems.find(({ code }) => code === 'duplicate/same-shipment');
    expect(said?.facts?.['others']).toEqual([first[0]?.[0], 'SPLIT-2']);
    expect(later.summary.exit).toBe(0);
  });

  test('an accepted declaration whose content changed is set aside, and not sent', async () => {
    await lodge(rows);
    const changed = await lodge(remark(0, '补充说明'));
    expect(changed.summary).toMatchObject({ exit: 1, byOutcome: { duplicate: { declarations: 1 } } });
    expect(changed.results.flatMap(errors)).toContain('duplicate/content-changed');
    expect(received.length).toBe(3);
  });

  test('a verdict that does not come within the wait is pending, exit 4, and is taken up by the next run', async () => {
    const slow = await lodge(remark(0, '#SANDBOX:slow'), { waitMs: 300 });
    expect(slow.summary).toMatchObject({ exit: 4, byOutcome: { pending: { declarations: 1 } } });
    const later = await lodge(remark(0, '#SANDBOX:slow'), { waitMs: 0 });
    expect(later.summary).toMatchObject({ exit: 0, earlier: 3, byOutcome: { pending: { declarations: 1 } } });
    expect(received.length).toBe(3);
  });

  test('a declaration that fails its check never reaches the window; its neighbours do', async () => {
    const flawed = three.flatMap((lines, at) =>
      lines.map((row) => (at === 1 ? bent(row, { '毛重（千克）': '0.01' }) : row)),
    );
    const done = await lodge(flawed);
    expect(done.summary).toMatchObject({
      exit: 1,
      byOutcome: { 'set-aside': { declarations: 1 }, accepted: { declarations: 2 } },
    });
    expect(received.length).toBe(2);
  });

  test('where a person says no, nothing is sent', async () => {
    await expect(lodge(rows, { confirm: () => Promise.resolve(false) })).rejects.toMatchObject({
      code: 'run/not-confirmed',
      exit: 2,
    });
    expect(received).toEqual([]);
  });

  test('a window out of reach leaves everything free: exit 5, and the next run lodges it', async () => {
    const answer = (key: unknown): unknown => ({
      kind: 'not-sent',
      key,
      reason: { cause: 'unreachable', retryAfterMs: 3_600_000 },
    });
    const down = (window: SingleWindow): SingleWindow =>
      ({
        ...window,
        submit: (batch) => Promise.resolve(batch.lodgements.map(({ key }) => answer(key))),
      }) as SingleWindow;
    const failed = await lodge(rows, {}, down);
    expect(failed.summary).toMatchObject({ exit: 5, byOutcome: { 'not-sent': { declarations: 3 } } });
    expect((await lodge(rows)).summary).toMatchObject({
      exit: 0,
      byOutcome: { accepted: { declarations: 3 } },
    });
  });

  test('where the window cannot be asked, the outcome is unknown, exit 4, and the next run asks first', async () => {
    const mute = (window: SingleWindow): SingleWindow => ({
      ...window,
      submit: async (batch, signal) => {
        await window.submit(batch, signal);
        return batch.lodgements.map(({ key }) => ({
          kind: 'cannot-know',
          key,
          reason: { cause: 'timeout', retryAfterMs: 3_600_000 },
        }));
      },
      inquire: (keys) =>
        Promise.resolve(keys.map((key) => ({ kind: 'no-answer', key, reason: { cause: 'timeout' } }))),
      events: () => Promise.reject(new Error('no answer')),
    });
    const lost = await lodge(rows, { waitMs: 200 }, mute);
    expect(lost.summary).toMatchObject({ exit: 4, byOutcome: { unknown: { declarations: 3 } } });
    const found = await lodge(rows);
    expect(byKey(found).every((each) => each.endsWith('accepted'))).toBe(true);
    expect(received.length).toBe(3);
  });
});
