/** The first sending of declarations: what is put off goes again, what is refused as a whole is halved, and when a run gives the window up. */
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/ledger/ledger.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import {
  busy,
  each,
  intent,
  onTrial,
  refusing as poison,
  saying,
  silent,
  states,
  taking,
  type Saying,
} from './engine-on-trial.ts';

const [a, b] = [intent(0), intent(1)];
const many = (count: number): readonly [Intent, ...Intent[]] => [
  a,
  ...Array.from({ length: count - 1 }, (_, at) => intent(at + 1)),
];
const tooLarge = saying('not-sent', { cause: 'too-large', status: 413 });
const often = <T>(value: T, times = 20): readonly T[] => Array.from({ length: times }, () => value);
/** Refuses every batch that holds one of these. */
const picky =
  (isBad: (key: string) => boolean): Saying =>
  (batch) =>
    (batch.lodgements.some(({ key }) => isBad(key)) ? poison : taking)(batch);

describe('a batch of which the window put a part off', () => {
  test('is followed by a batch of that part alone', async () => {
    const trial = onTrial({ says: [each(taking, busy)] });
    const sent = await lodge([a, b], trial.engine);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1'], ['K1']]);
    expect([trial.slept, sent.notSent.size, states(trial)]).toEqual([[1_000], 0, { received: 2 }]);
  });

  test.each([
    ['too large', each(tooLarge, busy)],
    ['refused', each(poison, busy)],
  ])('is followed by it also where the rest is %s', async (_, says) => {
    const trial = onTrial({ says: [says] });
    const sent = await lodge([a, b], trial.engine);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1'], ['K1']]);
    expect([[...sent.notSent.keys()], states(trial)]).toEqual([['K0'], { prepared: 1, received: 1 }]);
  });

  test('and found the rest too large does not end the run', async () => {
    const trial = onTrial({ says: [each(busy, tooLarge)] });
    const sent = await lodge([a, b], trial.engine);
    expect([[...sent.notSent.keys()], states(trial)]).toEqual([['K1'], { prepared: 1, received: 1 }]);
    expect(trial.engine.pressure.stopped()).toBeUndefined();
    expect(trial.engine.pressure.mostPerBatch()).toBe(Number.POSITIVE_INFINITY);
  });

  test('is followed no more than four times', async () => {
    const oneAtATime = each(taking, ...Array.from({ length: 8 }, () => busy));
    const trial = onTrial({ says: often(oneAtATime) });
    const sent = await lodge(many(9), trial.engine);
    expect(trial.sent.map(({ keys }) => keys.length)).toEqual([9, 8, 7, 6, 5]);
    expect([sent.notSent.size, states(trial)]).toEqual([4, { received: 5, prepared: 4 }]);
  });

  test('is told with what was refused beside it, and with what is in doubt', async () => {
    const trial = onTrial({ kind: 'none', says: [each(poison, silent, busy), silent] });
    const sent = await lodge(many(3), trial.engine);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1', 'K2'], ['K2']]);
    expect([...sent.notSent]).toEqual([['K0', { cause: 'refused', status: 400 }]]);
    expect([sent.unknown, states(trial)]).toEqual([2, { prepared: 1, unknown: 2 }]);
  });
});

describe('a batch that is refused as a whole', () => {
  test('is halved until the one declaration is found, and the size is remembered only for 413', async () => {
    const trial = onTrial({ says: often(picky((key) => key === 'K2')) });
    const sent = await lodge(many(5), trial.engine);
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
    const trial = onTrial({ says: [tooLarge] });
    await lodge(many(3), trial.engine);
    expect(trial.sent.map(({ keys }) => keys.length)).toEqual([3, 2, 1]);
    expect(trial.engine.pressure.mostPerBatch()).toBe(2);
  });

  test('for its size is halved down to single declarations, however many requests that takes', async () => {
    const trial = onTrial({ says: often(tooLarge, 200) });
    const sent = await lodge(many(64), trial.engine);
    expect(new Set([...sent.notSent.values()].map(({ cause }) => cause))).toEqual(new Set(['too-large']));
    expect([trial.sent.length, trial.engine.pressure.stopped()]).toEqual([127, undefined]);
  });

  test('and whose halves stay in doubt, is told as in doubt', async () => {
    const trial = onTrial({ kind: 'none', says: [tooLarge, silent, silent] });
    expect(await lodge([a, b], trial.engine)).toEqual({ notSent: new Map(), unknown: 2 });
  });

  test('for every second declaration is searched to the end', async () => {
    const trial = onTrial({
      says: often(
        picky((key) => Number(key.slice(1)) % 2 === 1),
        300,
      ),
    });
    const sent = await lodge(many(128), trial.engine);
    expect([sent.notSent.size, states(trial)]).toEqual([64, { received: 64, prepared: 64 }]);
  });

  test('also when taken one by one is not searched for ever: then it is not the declarations', async () => {
    const trial = onTrial({ says: often(poison, 200) });
    await lodge(many(64), trial.engine);
    // 16 refusals, and twice the 7 halvings down to one of 64.
    expect([trial.sent.length, trial.engine.pressure.stopped()]).toEqual([31, { cause: 'unavailable' }]);
    expect(states(trial)).toEqual({ prepared: 64 });
  });

  test('by a window that takes no declarations at all ends the run', async () => {
    const trial = onTrial({ says: often(saying('not-sent', { cause: 'refused', status: 501 })) });
    await lodge([a, b], trial.engine);
    expect([trial.sent.length, trial.engine.pressure.stopped()?.status]).toEqual([1, 501]);
  });
});

describe('a run gives the window up', () => {
  const stoppedAfter = async (batches: number, says: Saying): Promise<unknown> => {
    const trial = onTrial({ kind: 'none', says: often(says) });
    for (let at = 0; at < batches; at += 1) await lodge([intent(2 * at), intent(2 * at + 1)], trial.engine);
    return trial.engine.pressure.stopped()?.cause;
  };

  test.each([
    ['in doubt', silent],
    ['refused or in doubt', each(poison, silent)],
  ])('after three batches of which all is %s, not after two', async (_, says) => {
    expect(await stoppedAfter(2, says)).toBeUndefined();
    expect(await stoppedAfter(3, says)).toBe('unavailable');
  });

  test.each([
    ['in doubt', each(taking, silent)],
    ['refused', each(taking, poison)],
  ])('not for a part that is %s', async (_, says) => {
    expect(await stoppedAfter(4, says)).toBeUndefined();
  });
});
