/** How often and how long one batch is tried, what is asked meanwhile, and what is free afterwards. */
import { describe, expect, test } from 'vitest';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import { send, type SendOptions, type Sent } from '../../src/pipeline/send.ts';
import type { Batch } from '../../src/window/single-window.ts';
import {
  busy,
  each,
  intent,
  onTrial,
  receiptFor,
  refusing as poison,
  saying,
  secondsIn,
  silent,
  states,
  taking,
  type Saying,
  type Trial,
} from './engine-on-trial.ts';

const [a, b] = [intent(0), intent(1)];
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

  test('takes the longest of the pauses that the window asks for', async () => {
    const longer = saying('not-sent', { cause: 'throttled', status: 429, retryAfterMs: 5_000 });
    const trial = onTrial({ says: [each(busy, longer, busy)] });
    await lodge([a, b, intent(2)], trial.engine);
    expect(trial.slept).toEqual([5_000]);
  });

  test.each(['unavailable', 'throttled', 'unreachable', 'timeout', 'broken-answer'] as const)(
    'because of %s goes again as it is',
    async (cause) => {
      const trial = onTrial({ kind: 'none', says: [saying('not-sent', { cause })] });
      await lodge([a], trial.engine);
      expect([new Set(trial.sent.map(({ id }) => id)).size, trial.sent.length]).toEqual([1, 2]);
    },
  );

  test.each(['too-large', 'sign-in', 'refused'] as const)('because of %s does not', async (cause) => {
    const trial = onTrial({ says: [saying('not-sent', { cause })] });
    await lodge([a], trial.engine);
    expect([trial.sent.length, states(trial)]).toEqual([1, { prepared: 1 }]);
  });

  test('and of which waiting helps only a part, does not go again as a whole', async () => {
    const trial = onTrial({ says: [each(poison, busy)] });
    await lodge([a, b], trial.engine);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1'], ['K1']]);
  });

  test.each([
    ['120 s, with the pause before the next attempt', 29_000, 0.5, 0, 4],
    ['120 s to the second', 30_000, 0, 0, 5],
    ['120 s without what the window asks for', 29_000, 0, 10_000, 5],
  ])('is tried for %s', async (_, takesMs, jitter, retryAfterMs, attempts) => {
    const asks = retryAfterMs === 0 ? {} : { retryAfterMs };
    const says = twenty(saying('not-sent', { cause: 'unavailable', status: 503, ...asks }));
    const trial = onTrial({ says, jitter, takesMs });
    // The run is no longer young.
    await trial.engine.sleep(100_000);
    await lodge([a], trial.engine);
    expect(trial.sent.length).toBe(attempts);
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

  test.each([
    [4_000, 3],
    [3_750, 3],
    [3_740, 2],
  ])('is not sent past the four fifths of %i ms that its key lives', async (keyLifeMs, attempts) => {
    const trial = onTrial({ says: twenty(silent), jitter: 1, promises: { keyLifeMs } });
    await trial.engine.sleep(100_000);
    await lodge([a], trial.engine);
    expect([trial.slept.slice(1), trial.sent.length]).toEqual([
      [1_000, 2_000].slice(0, attempts - 1),
      attempts,
    ]);
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

/** Sends a batch of two, as it stands in the ledger. */
async function sent(trial: Trial, options: Partial<SendOptions> = {}): Promise<Sent> {
  const { engine } = trial;
  const batch: Batch = { id: engine.newBatchId(), pack: 'p', lodgements: [a, b] };
  engine.ledger.intend(engine.run, { id: batch.id, pack: 'p', intents: [a, b] }, secondsIn(0));
  return send(batch, { intendedAt: secondsIn(0), isDoubted: false, protectedForMs: 1e9, ...options }, engine);
}

const attempts = ({ store }: Trial) =>
  [...store.batches.values()].flatMap((batch) => batch.attempts.map(({ end }) => end));

describe('what is told of a batch', () => {
  const refused = { cause: 'refused', status: 400 } as const;

  test.each([
    ['taken', 'key', [taking], false, new Map(), 0, undefined],
    [
      'refused at the first time',
      'key',
      [poison],
      false,
      new Map([a, b].map(({ key }) => [key, refused])),
      0,
      undefined,
    ],
    ['refused after a doubt', 'key', [poison], true, new Map(), 2, true],
    ['in doubt again', 'key', twenty(silent), true, new Map(), 2, undefined],
    ['refused in part beside a doubt', 'key', twenty(each(poison, silent)), true, new Map(), 2, undefined],
    [
      'refused beside a doubt, at a window that is asked',
      'lookup',
      [each(poison, silent)],
      false,
      new Map([[a.key, refused]]),
      1,
      undefined,
    ],
    ['refused after a doubt, at a window that is asked', 'lookup', [poison], true, new Map(), 2, true],
  ] as const)('that is %s', async (_, kind, says, isDoubted, notSent, unknown, isTurnedDown) => {
    const told = await sent(onTrial({ kind, says }), { isDoubted });
    expect(told).toEqual({ notSent, unknown, ...(isTurnedDown ? { isTurnedDown } : {}) });
  });
});

describe('the pressure of the run is told of each attempt that it was', () => {
  const tooLarge = saying('not-sent', { cause: 'too-large', status: 413 });

  test.each([
    ['answered', taking],
    ['refused', poison],
    ['refused', tooLarge],
    ['refused', each(poison, tooLarge)],
    ['failed', each(poison, saying('not-sent', { cause: 'unavailable' }))],
    ['failed', each(taking, saying('cannot-know', { cause: 'refused' }))],
    ['failed', silent],
  ] as const)('%s (%#)', async (how, says) => {
    const trial = onTrial({ kind: 'lookup', says: [says] });
    const told: string[] = [];
    const { pressure } = trial.engine;
    const engine = { ...trial.engine, pressure: { ...pressure, tell: (it: string) => void told.push(it) } };
    await sent({ ...trial, engine });
    expect(told[0]).toBe(how);
  });
});

describe('a sign-in that is refused', () => {
  const refusing =
    (stop: unknown): Saying =>
    () => {
      throw stop;
    };
  const expired = new Stop('window/sign-in-refused', exitCode.signIn);
  const away = { at: secondsIn(0), how: 'not-sent', detail: 'sign-in' };
  const renewing = (isRenewed: boolean) => ({ signInAgain: () => Promise.resolve(isRenewed) });

  test('is renewed, and the batch goes out once more under its key', async () => {
    const trial = onTrial({ says: [refusing(expired)], window: renewing(true) });
    expect(await sent(trial)).toEqual({ notSent: new Map(), unknown: 0 });
    expect(new Set(trial.sent.map(({ id }) => id)).size).toBe(1);
    expect(attempts(trial)).toEqual([away, { at: secondsIn(0), how: 'answered' }]);
    expect(states(trial)).toEqual({ received: 2 });
  });

  test('twice in a row ends the run, with all of it free', async () => {
    const again = new Stop('window/sign-in-refused', exitCode.signIn);
    const trial = onTrial({ says: [refusing(expired), refusing(again)], window: renewing(true) });
    await expect(sent(trial)).rejects.toBe(again);
    expect([attempts(trial), states(trial)]).toEqual([[away, away], { prepared: 2 }]);
  });

  const broken = new Stop('window/token-command', exitCode.signIn);
  test.each([
    ['cannot be renewed', expired, {}, expired],
    ['is not renewed', expired, renewing(false), expired],
    ['fails when it is renewed', expired, { signInAgain: () => Promise.reject(broken) }, broken],
  ])('that %s ends the run, with all of it free', async (_, stop, window, expected) => {
    const trial = onTrial({ says: [refusing(stop)], window });
    await expect(sent(trial)).rejects.toBe(expected);
    expect([attempts(trial), states(trial)]).toEqual([[away], { prepared: 2 }]);
  });

  test('for want of permission is not renewed', async () => {
    const forbidden = new Stop('window/forbidden', exitCode.signIn);
    const trial = onTrial({ says: [refusing(forbidden)], window: renewing(true) });
    await expect(sent(trial)).rejects.toBe(forbidden);
    expect([attempts(trial), states(trial)]).toEqual([[away], { prepared: 2 }]);
  });

  test('beside a doubt sets nothing free', async () => {
    const trial = onTrial({ says: [refusing(expired)] });
    await expect(sent(trial, { isDoubted: true })).rejects.toBe(expired);
    expect(states(trial)).toEqual({ sending: 2 });
  });

  test.each([
    ['a defect', new Error('a defect')],
    ['a disk that is full', new Stop('run/disk-full', exitCode.storage)],
  ])('is not what %s is: the attempt stays open', async (_, failure) => {
    const trial = onTrial({ says: [refusing(failure)], window: renewing(true) });
    await expect(sent(trial)).rejects.toBe(failure);
    expect([attempts(trial), states(trial)]).toEqual([[undefined], { sending: 2 }]);
  });
});
