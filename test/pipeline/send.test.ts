/** How often and how long one batch is tried, what is asked meanwhile, and what is free afterwards. */
import { describe, expect, test } from 'vitest';
import { parseDeclarationKey } from '../../src/model/ids.ts';
import { exitCode, Stop } from '../../src/model/stop.ts';
import type { Intent } from '../../src/ledger/ledger.ts';
import { takeEvents } from '../../src/pipeline/await-verdicts.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import { declarationOf } from '../simulation/world.ts';
import { each, known, onTrial, receiptFor, saying, taking, type Trial } from './engine-on-trial.ts';

const intent = (number: number): Intent => {
  const { key, digest, body, rows, filled } = declarationOf(known(parseDeclarationKey(`K${number}`)), 1);
  return { key, digest, body, rows, filled };
};
const [a, b] = [intent(0), intent(1)];
const states = ({ engine }: Trial) => Object.fromEntries(engine.ledger.counts());
const busy = saying('not-sent', { cause: 'unavailable', status: 503, retryAfterMs: 1_000 });
const silent = saying('cannot-know', { cause: 'timeout' });
const twenty = <T>(value: T): readonly T[] => Array.from({ length: 20 }, () => value);

describe('a batch that was not processed', () => {
  test('is tried five times under one key, after the pauses that the window asks for and jitter on top', async () => {
    const trial = onTrial({ says: twenty(busy), jitter: 0.5 });
    await lodge([a], trial.engine);
    expect(trial.slept).toEqual([1_500, 2_000, 3_000, 5_000]);
    expect(new Set(trial.sent.map(({ id }) => id)).size).toBe(1);
    expect(trial.sent).toHaveLength(5);
    expect(states(trial)).toEqual({ prepared: 1 });
    expect(trial.engine.pressure.stopped()).toMatchObject({ cause: 'unavailable', status: 503 });
  });

  test('is left alone where the window asks for more than a quarter of an hour', async () => {
    const asking = (retryAfterMs: number) =>
      saying('not-sent', { cause: 'throttled', status: 429, retryAfterMs });
    const patient = onTrial({ says: [asking(900_000)] });
    await lodge([a], patient.engine);
    expect([patient.slept, states(patient)]).toEqual([[900_000], { received: 1 }]);
    const stopped = onTrial({ says: [asking(900_001)] });
    await lodge([a], stopped.engine);
    expect([stopped.slept, states(stopped), stopped.engine.pressure.stopped()?.cause]).toEqual([
      [],
      { prepared: 1 },
      'throttled',
    ]);
  });

  test('is not sent again once Ctrl-C cut the pause short', async () => {
    const trial = onTrial({ says: twenty(busy), onSleep: ({ interrupt }) => interrupt.abort() });
    await lodge([a], trial.engine);
    expect([trial.sent.length, states(trial)]).toEqual([1, { prepared: 1 }]);
  });

  test('is not sent again without a token of the retry bucket', async () => {
    const trial = onTrial({ says: twenty(busy) });
    while (trial.engine.pressure.mayRepeat('timeout')) expect(trial.sent).toEqual([]);
    await lodge([a], trial.engine);
    expect(trial.sent).toHaveLength(1);
  });
});

describe('a batch in doubt', () => {
  test('is asked about after each attempt, and sent again only while it is not found', async () => {
    let asked = 0;
    const trial = onTrial({
      says: twenty(silent),
      inquire: (keys) => {
        asked += 1;
        return keys.map((key) =>
          asked === 3
            ? { kind: 'found', key, digest: a.digest, receipts: [receiptFor(a, 'received')] }
            : { kind: 'not-found', key },
        );
      },
    });
    await lodge([a], trial.engine);
    expect([trial.sent.length, trial.asked.length, states(trial)]).toEqual([3, 3, { received: 1 }]);
  });

  test('is still in doubt where the window holds another content under its key', async () => {
    const trial = onTrial({
      says: twenty(silent),
      inquire: (keys) =>
        keys.map((key) => ({
          kind: 'found',
          key,
          digest: b.digest,
          receipts: [receiptFor({ ...b, key }, 'accepted')],
        })),
    });
    await lodge([a], trial.engine);
    expect([trial.sent.length, states(trial)]).toEqual([5, { unknown: 1 }]);
  });

  test.each(['lookup', 'none'] as const)('is not sent again at a window of the kind %s', async (kind) => {
    const trial = onTrial({ kind, says: [silent] });
    await lodge([a], trial.engine);
    expect([trial.sent.length, trial.slept, states(trial)]).toEqual([1, [], { unknown: 1 }]);
    expect(trial.asked.length).toBe(kind === 'none' ? 0 : 1);
  });

  test('keeps what was received and sets nothing of it free when the whole is refused afterwards', async () => {
    const mixed = each(taking, silent, saying('not-sent', { cause: 'unavailable', status: 503 }));
    const trial = onTrial({ says: [mixed, saying('not-sent', { cause: 'refused', status: 400 })] });
    await lodge([a, b, intent(2)], trial.engine);
    expect(states(trial)).toEqual({ received: 1, unknown: 2 });
  });

  test('is not sent for longer than two minutes, nor past its protection', async () => {
    const slow = onTrial({ says: twenty(silent), jitter: 1, promises: { keyLifeMs: 4_000 } });
    await lodge([a], slow.engine);
    expect([slow.slept, slow.sent.length]).toEqual([[1_000, 2_000], 3]);
  });

  test('frees nothing where the sign-in ends in the middle', async () => {
    const refused = new Stop('window/forbidden', exitCode.signIn);
    const over = (): never => {
      throw refused;
    };
    const trial = onTrial({ says: [each(taking, silent), over] });
    await expect(lodge([a, b], trial.engine)).rejects.toBe(refused);
    expect(states(trial)).toEqual({ received: 1, unknown: 1 });
  });
});

describe('a batch of which the window put a part off', () => {
  test('is followed by a batch of that part alone', async () => {
    const trial = onTrial({ says: [each(taking, busy)] });
    const sent = await lodge([a, b], trial.engine);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1'], ['K1']]);
    expect([trial.slept, sent.notSent.size, states(trial)]).toEqual([[1_000], 0, { received: 2 }]);
  });

  test('is followed no more than four times', async () => {
    const all = Array.from({ length: 9 }, (_, number) => intent(number));
    const [first = a, ...rest] = all;
    const oneAtATime = each(taking, ...Array.from({ length: 8 }, () => busy));
    const trial = onTrial({ says: twenty(oneAtATime) });
    const sent = await lodge([first, ...rest], trial.engine);
    expect(trial.sent.map(({ keys }) => keys.length)).toEqual([9, 8, 7, 6, 5]);
    expect([sent.notSent.size, states(trial)]).toEqual([4, { received: 5, prepared: 4 }]);
  });
});

describe('a batch that is refused as a whole', () => {
  test('is halved until the one declaration is found, and the size is remembered only for 413', async () => {
    const poison = saying('not-sent', { cause: 'refused', status: 400 });
    const picky = (batch: Parameters<typeof taking>[0]) =>
      (batch.lodgements.some(({ key }) => key === 'K2') ? poison : taking)(batch);
    const trial = onTrial({ says: twenty(picky) });
    const sent = await lodge([a, b, intent(2), intent(3), intent(4)], trial.engine);
    expect(trial.sent.map(({ keys }) => keys.join(' '))).toEqual([
      'K0 K1 K2 K3 K4',
      'K0 K1 K2',
      'K0 K1',
      'K2',
      'K3 K4',
    ]);
    expect([...sent.notSent]).toEqual([['K2', { cause: 'refused', status: 400 }]]);
    expect(trial.engine.pressure.mostPerBatch()).toBe(Number.POSITIVE_INFINITY);
  });

  test('for its size is halved, and none so large is sent again', async () => {
    const trial = onTrial({ says: [saying('not-sent', { cause: 'too-large', status: 413 })] });
    await lodge([a, b, intent(2)], trial.engine);
    expect(trial.sent.map(({ keys }) => keys.length)).toEqual([3, 2, 1]);
    expect(trial.engine.pressure.mostPerBatch()).toBe(2);
  });

  test('by a window that takes no declarations at all ends the run', async () => {
    const trial = onTrial({ says: twenty(saying('not-sent', { cause: 'refused', status: 501 })) });
    await lodge([a, b], trial.engine);
    expect([trial.sent.length, trial.engine.pressure.stopped()?.status]).toEqual([1, 501]);
  });
});

describe('the next run', () => {
  async function left(kind: 'key' | 'lookup' | 'none'): Promise<Trial> {
    const trial = onTrial({ kind, says: twenty(silent).slice(0, kind === 'key' ? 5 : 1) });
    await lodge([a], trial.engine);
    trial.sent.length = 0;
    trial.slept.length = 0;
    return trial;
  }

  test('sends a batch in doubt again under its key', async () => {
    const trial = await left('key');
    await reconcile(trial.engine);
    expect(trial.sent).toEqual([{ id: '00000000-0000-4000-8000-000000000001', keys: ['K0'] }]);
    expect(states(trial)).toEqual({ received: 1 });
  });

  test('asks until it is not found twice after the settle time, tells how long, and sets it free', async () => {
    const trial = await left('lookup');
    const told: number[] = [];
    await reconcile(trial.engine, { lodgesAgain: false, tell: (ms) => told.push(ms) });
    expect([told, trial.slept, states(trial), trial.sent]).toEqual([
      [60_000, 1_000],
      [60_000, 1_000],
      { prepared: 1 },
      [],
    ]);
  });

  test('leaves it to a person where the window can say nothing', async () => {
    const trial = await left('none');
    await reconcile(trial.engine);
    expect([trial.slept, trial.sent, states(trial)]).toEqual([[], [], { unknown: 1 }]);
  });

  test('sets free what was only intended', async () => {
    const trial = onTrial();
    const { engine } = trial;
    engine.ledger.intend(
      engine.run,
      { id: engine.newBatchId(), pack: 'p', intents: [a] },
      '2026-01-05T08:00:00Z',
    );
    await reconcile(engine);
    expect([trial.sent, trial.asked, states(trial)]).toEqual([[], [], { prepared: 1 }]);
  });

  test.each(['key', 'lookup', 'duplicate-refusing', 'none'] as const)(
    'sets free what a window of the kind %s turned away before the run was killed',
    async (kind) => {
      const trial = onTrial({ kind, says: [busy], onSleep: () => expect.fail('killed') });
      await expect(lodge([a], trial.engine)).rejects.toThrow('killed');
      expect(states(trial)).toEqual({ sending: 1 });
      await reconcile(trial.engine);
      expect([trial.sent.length, trial.asked, states(trial)]).toEqual([1, [], { prepared: 1 }]);
    },
  );

  test('begins nothing after Ctrl-C', async () => {
    const trial = await left('key');
    trial.interrupt.abort();
    await reconcile(trial.engine);
    expect([trial.sent, states(trial)]).toEqual([[], { unknown: 1 }]);
  });
});

describe('events', () => {
  test('that concern us are written down, and none is asked for again', async () => {
    const trial = onTrial({ events: [receiptFor(a, 'accepted'), receiptFor(b, 'accepted')] });
    await lodge([a], trial.engine);
    expect(await takeEvents(0, trial.engine)).toBe(true);
    expect([states(trial), trial.engine.ledger.cursor('trial')]).toEqual([{ accepted: 1 }, 'end']);
    expect(await takeEvents(0, trial.engine)).toBe(false);
  });

  test('that do not come are no failure, but a stop is', async () => {
    const failing = (failure: Error) => onTrial({ window: { events: () => Promise.reject(failure) } }).engine;
    expect(await takeEvents(0, failing(new Error('no answer')))).toBe(false);
    const stop = new Stop('window/forbidden', exitCode.signIn);
    await expect(takeEvents(0, failing(stop))).rejects.toBe(stop);
  });
});
