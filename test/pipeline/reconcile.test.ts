/** What becomes of that which an earlier run left open, at each kind of window. */
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/ledger/ledger.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import {
  busy,
  each,
  intent,
  onTrial,
  receiptFor,
  saying,
  secondsIn,
  silent,
  startMs,
  states,
  taking,
  type Saying,
  type Trial,
  type TrialOptions,
} from './engine-on-trial.ts';

const [a, b] = [intent(0), intent(1)];
const dying: Saying = () => {
  throw new Error('killed');
};
const day = 86_400_000;

/** A run that was killed while its one request was under way. */
async function killed(options: TrialOptions, intents: readonly [Intent, ...Intent[]] = [a]): Promise<Trial> {
  const trial = onTrial({ ...options, says: [dying, ...(options.says ?? [])] });
  await expect(lodge(intents, trial.engine)).rejects.toThrow('killed');
  trial.sent.length = 0;
  return trial;
}

/** A run whose batch came to no end that anybody knows. */
async function left(options: TrialOptions, ...intents: readonly Intent[]): Promise<Trial> {
  const times = options.kind === 'key' || options.kind === 'duplicate-refusing' ? 5 : 1;
  const trial = onTrial({
    ...options,
    says: [...Array.from({ length: times }, () => silent), ...(options.says ?? [])],
  });
  const [first = a, ...rest] = intents;
  await lodge([first, ...rest], trial.engine);
  trial.sent.length = trial.slept.length = trial.asked.length = 0;
  return trial;
}

describe('what was only intended', () => {
  const intended = (): Trial => {
    const trial = onTrial();
    const { engine } = trial;
    engine.ledger.intend(
      engine.run,
      { id: engine.newBatchId(), pack: 'p', intents: [a, b] },
      '2026-01-05T08:00:00Z',
    );
    return trial;
  };

  test('is set free', async () => {
    const trial = intended();
    await reconcile(trial.engine);
    expect([trial.sent, trial.asked, states(trial)]).toEqual([[], [], { prepared: 2 }]);
  });

  test('goes out where the run lodges again', async () => {
    const trial = intended();
    await reconcile(trial.engine, { lodgesAgain: true });
    expect([trial.sent.map(({ keys }) => keys), trial.asked]).toEqual([[['K0', 'K1']], []]);
    expect(states(trial)).toEqual({ received: 2 });
  });
});

test.each(['key', 'lookup', 'duplicate-refusing', 'none'] as const)(
  'what a window of the kind %s turned away before the run was killed is set free',
  async (kind) => {
    const trial = onTrial({ kind, says: [busy], onSleep: () => expect.fail('killed') });
    await expect(lodge([a], trial.engine)).rejects.toThrow('killed');
    expect(states(trial)).toEqual({ sending: 1 });
    await reconcile(trial.engine);
    expect([trial.sent.length, trial.asked, states(trial)]).toEqual([1, [], { prepared: 1 }]);
  },
);

describe('nothing is begun', () => {
  test('after Ctrl-C', async () => {
    const trial = await left({ kind: 'key' });
    trial.interrupt.abort();
    await reconcile(trial.engine);
    expect([trial.asked, trial.sent, states(trial)]).toEqual([[], [], { unknown: 1 }]);
  });

  test('at a window that the run has given up', async () => {
    const trial = await left({ kind: 'key' });
    trial.engine.pressure.stop({ cause: 'unavailable' });
    await reconcile(trial.engine);
    expect([trial.asked, trial.sent, states(trial)]).toEqual([[], [], { unknown: 1 }]);
  });

  test('where Ctrl-C comes while the window is asked', async () => {
    let hears = (): void => undefined;
    const trial = await left({
      kind: 'key',
      inquire: (keys) => {
        hears();
        return keys.map((key) => ({ kind: 'not-found', key }));
      },
    });
    hears = () => trial.interrupt.abort();
    await reconcile(trial.engine);
    expect([trial.asked.length, trial.sent, states(trial)]).toEqual([1, [], { unknown: 1 }]);
  });
});

describe('a batch in doubt, at a window that knows its keys', () => {
  test('is sent again under its key', async () => {
    const trial = await left({ kind: 'key' });
    await reconcile(trial.engine);
    expect(trial.sent).toEqual([{ id: '00000000-0000-4000-8000-000000000001', keys: ['K0'] }]);
    expect(states(trial)).toEqual({ received: 1 });
  });

  test('is not sent again where it is found', async () => {
    const found: TrialOptions['inquire'] = (keys) =>
      keys.map((key) => ({ kind: 'found', key, digest: a.digest, receipts: [receiptFor(a, 'received')] }));
    const trial = await killed({ kind: 'key', inquire: found });
    await reconcile(trial.engine);
    expect([trial.sent, trial.asked.length, states(trial)]).toEqual([[], 1, { received: 1 }]);
  });

  test('is not sent again where the window has it, with words that we do not know', async () => {
    const strange: Receipt = { key: a.key, id: 'strange', at: '2026-01-05T16:00:00+08:00', problems: [] };
    const trial = await killed({
      kind: 'key',
      inquire: (keys) => keys.map((key) => ({ kind: 'found', key, digest: a.digest, receipts: [strange] })),
    });
    await reconcile(trial.engine);
    expect([trial.sent, trial.asked.length, states(trial)]).toEqual([[], 1, { unknown: 1 }]);
  });

  test('is sent again as a whole, also where one of it is found', async () => {
    const trial = await killed(
      {
        kind: 'key',
        inquire: (keys) =>
          keys.map((key) =>
            key === a.key
              ? { kind: 'found', key, digest: a.digest, receipts: [receiptFor(a, 'accepted')] }
              : { kind: 'not-found', key },
          ),
      },
      [a, b],
    );
    await reconcile(trial.engine);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1']]);
    expect(states(trial)).toEqual({ accepted: 1, received: 1 });
  });

  test('is left in doubt after five more attempts, and not asked about for longer', async () => {
    const trial = await left({ kind: 'key', says: Array.from({ length: 20 }, () => silent) });
    await reconcile(trial.engine);
    expect([trial.sent.length, trial.slept.length, states(trial)]).toEqual([5, 4, { unknown: 1 }]);
  });

  test('is sent again only while its key lives', async () => {
    const trial = await killed({
      kind: 'key',
      jitter: 1,
      promises: { keyLifeMs: 100_000 },
      says: Array.from({ length: 20 }, () => silent),
    });
    await trial.engine.sleep(75_000);
    await reconcile(trial.engine);
    expect([trial.slept, trial.sent.length]).toEqual([[75_000, 1_000, 2_000], 3]);
    await trial.engine.sleep(2_000);
    await reconcile(trial.engine);
    expect([trial.sent.length, states(trial)]).toEqual([3, { unknown: 1 }]);
  });

  test('is not believed young because the clock was set back', async () => {
    const trial = await killed({ kind: 'key' });
    const { ledger, run } = trial.engine;
    const startedAt = new Date(startMs + 9 * day).toISOString();
    ledger.beginRun({ run, command: 'status', pack: 'p', files: [], startedAt });
    await reconcile(trial.engine);
    expect([trial.sent, states(trial)]).toEqual([[], { unknown: 1 }]);
  });

  test('is sent again where the window told its time only later', async () => {
    let serverNow: Date | undefined;
    const trial = await killed({ kind: 'key', window: { serverNow: () => serverNow } });
    serverNow = new Date(startMs);
    await reconcile(trial.engine);
    expect([trial.sent.length, states(trial)]).toEqual([1, { received: 1 }]);
  });

  test('that turns it down when it comes again is settled by asking', async () => {
    const trial = await left({
      kind: 'key',
      says: [saying('not-sent', { cause: 'too-large', status: 413 })],
    });
    const told: number[] = [];
    await reconcile(trial.engine, { lodgesAgain: false, tell: (ms) => told.push(ms) });
    expect([trial.sent.length, told, states(trial)]).toEqual([1, [60_000, 1_000], { prepared: 1 }]);
  });
});

describe('a batch in doubt, at a window that can only be asked', () => {
  test('is asked about until it is not found twice after the settle time, and set free', async () => {
    const trial = await left({ kind: 'lookup' });
    const told: number[] = [];
    await reconcile(trial.engine, { lodgesAgain: false, tell: (ms) => told.push(ms) });
    expect([told, trial.slept, states(trial), trial.sent]).toEqual([
      [60_000, 1_000],
      [60_000, 1_000],
      { prepared: 1 },
      [],
    ]);
  });

  test('waits the whole settle time from the first question, however long ago the machine thinks it was sent', async () => {
    const trial = await left({ kind: 'lookup' });
    await trial.engine.sleep(50_000);
    await reconcile(trial.engine);
    expect(trial.slept).toEqual([50_000, 60_000, 1_000]);
  });

  test('waits only the rest of it where the window tells the time, as it was when it was asked', async () => {
    const window = { serverNow: () => new Date(trial.engine.now().getTime() + 3_600_000) };
    const asks = async (keys: Parameters<NonNullable<TrialOptions['inquire']>>[0]) => {
      trial.asked.push(keys);
      await trial.engine.sleep(10_000);
      return keys.map((key) => ({ kind: 'not-found', key }) as const);
    };
    const trial: Trial = onTrial({ kind: 'lookup', says: [dying], window: { ...window, inquire: asks } });
    await expect(lodge([a], trial.engine)).rejects.toThrow('killed');
    await trial.engine.sleep(55_000);
    await reconcile(trial.engine);
    expect([trial.slept, states(trial)]).toEqual([
      [55_000, 10_000, 5_000, 10_000, 1_000, 10_000],
      { prepared: 1 },
    ]);
  });

  test.each([
    ['says nothing about one of it', [{ kind: 'no-answer', key: b.key, reason: { cause: 'timeout' } }]],
    ['passes one of it over', []],
  ] as const)('is left alone where the window %s', async (_, aboutSecond) => {
    const trial = await left({ kind: 'lookup' }, a, b);
    const inquire: Trial['engine']['window']['inquire'] = () =>
      Promise.resolve([{ kind: 'not-found', key: a.key }, ...aboutSecond]);
    await reconcile({ ...trial.engine, window: { ...trial.engine.window, inquire } });
    expect([trial.slept, states(trial)]).toEqual([[], { unknown: 2 }]);
  });

  test('goes out again without what the window has taken of it', async () => {
    const trial = onTrial({ kind: 'lookup', says: [each(taking, silent)] });
    await lodge([a, b], trial.engine);
    await reconcile(trial.engine, { lodgesAgain: true });
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1'], ['K1']]);
    expect(states(trial)).toEqual({ received: 2 });
  });

  test('is asked about without what a later batch holds', async () => {
    const trial = onTrial({ kind: 'lookup', says: [each(busy, silent), dying] });
    await expect(lodge([a, b], trial.engine)).rejects.toThrow('killed');
    trial.asked.length = 0;
    await reconcile(trial.engine);
    expect(trial.asked.map(([key, ...more]) => [key, more.length])).toEqual([
      ...Array.from({ length: 3 }, () => ['K1', 0]),
      ...Array.from({ length: 3 }, () => ['K0', 0]),
    ]);
    expect(states(trial)).toEqual({ prepared: 2 });
  });
});

test('at a window that can say nothing it is left to a person', async () => {
  const trial = await killed({ kind: 'none' });
  await reconcile(trial.engine);
  expect([trial.slept, trial.sent, trial.asked, states(trial)]).toEqual([[], [], [], { unknown: 1 }]);
});

test('since when it is unknown is when a run first said so', async () => {
  const trial = await killed({ kind: 'none' });
  await trial.engine.sleep(5_000);
  await reconcile(trial.engine);
  expect(trial.engine.ledger.find([a.key]).get(a.key)?.changedAt).toBe(secondsIn(5));
});
