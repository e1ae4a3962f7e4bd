/** Which declarations a window is asked to cancel, and what is written down of its answers. */
import { describe, expect, test } from 'vitest';
import { road, type LodgementState } from '../../src/model/state.ts';
import { cancelAll, planCancel } from '../../src/pipeline/cancel.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import type { Cancellation, SingleWindow } from '../../src/window/single-window.ts';
import { intent, known, onTrial, receiptFor, states } from './engine-on-trial.ts';

const spared = {
  prepared: 'never-lodged',
  sending: 'unknown',
  unknown: 'unknown',
  rejected: 'rejected',
  cancelled: 'cancelled',
  released: 'released',
  cleared: 'released',
  exited: 'released',
} as const;
const every: readonly LodgementState[] = [...road, 'unknown', 'rejected', 'cancelled'];

test('a plan asks for what the window may still cancel, and says why it leaves the rest', async () => {
  const { engine } = onTrial();
  await lodge([intent(0)], engine);
  const entry = known(engine.ledger.find([intent(0).key]).get(intent(0).key));
  const { cancel, spare } = planCancel(every.map((state) => ({ ...entry, state })));
  expect(cancel.map(({ state }) => state)).toEqual(['received', 'registered', 'accepted', 'held']);
  expect(Object.fromEntries(spare.map((each) => [each.entry.state, each.why]))).toEqual(spared);
});

type Cancel = NonNullable<SingleWindow['cancel']>;
type Key = Parameters<Cancel>[0][number];

const cancelled = (key: Key): Cancellation => {
  const one = Array.from({ length: 120 }, (_, at) => intent(at)).find((each) => each.key === key);
  return { kind: 'cancelled', key, receipt: receiptFor(known(one), 'cancelled') };
};
const refused = (key: Key): Cancellation => ({ kind: 'refused', key, text: '已结关' });
const silent = (key: Key): Cancellation => ({ kind: 'no-answer', key, reason: { cause: 'timeout' } });

describe('cancelling', () => {
  /** So many declarations are lodged, and all are asked for. */
  const cancel = async (count: number, answer: (key: Key, asked: number) => Cancellation) => {
    const asked: number[] = [];
    const trial = onTrial({
      window: {
        cancel: (keys) => {
          asked.push(keys.length);
          return Promise.resolve(keys.map((key) => answer(key, asked.length)));
        },
      },
    });
    const intents = Array.from({ length: count }, (_, at) => intent(at));
    const [first, ...rest] = intents;
    await lodge([known(first), ...rest], trial.engine);
    const answers = await cancelAll(
      intents.map(({ key }) => key),
      trial.engine,
    );
    return { trial, asked, answers };
  };

  test('asks for fifty at a time, and records each cancellation', async () => {
    const { trial, asked, answers } = await cancel(120, cancelled);
    expect([asked, states(trial)]).toEqual([[50, 50, 20], { cancelled: 120 }]);
    expect(answers.map(({ key }) => key)).toEqual(Array.from({ length: 120 }, (_, at) => `K${at}`));
  });

  test('ends with the last fifty', async () => {
    const { asked, answers } = await cancel(100, cancelled);
    expect([asked, answers.length]).toEqual([[50, 50], 100]);
  });

  test('records nothing of a refusal, nor of a window that gives no answer', async () => {
    const answer = (key: Key): Cancellation =>
      key === 'K0' ? refused(key) : key === 'K1' ? silent(key) : cancelled(key);
    const { trial, answers } = await cancel(3, answer);
    expect(answers.map(({ kind }) => kind)).toEqual(['refused', 'no-answer', 'cancelled']);
    expect(states(trial)).toEqual({ received: 2, cancelled: 1 });
  });

  test('goes on where some of fifty were answered, and stops where none was', async () => {
    const some = await cancel(120, (key, asked) =>
      asked === 1 && key !== 'K7' ? silent(key) : refused(key),
    );
    expect(some.asked).toEqual([50, 50, 20]);
    const none = await cancel(120, (key, asked) => (asked === 2 ? silent(key) : refused(key)));
    expect([none.asked, none.answers.length]).toEqual([[50, 50], 100]);
  });

  test('asks no further after Ctrl-C', async () => {
    const trial = onTrial({
      window: {
        cancel: (keys) => {
          trial.interrupt.abort();
          return Promise.resolve(keys.map(refused));
        },
      },
    });
    const keys = Array.from({ length: 120 }, (_, at) => intent(at).key);
    expect(await cancelAll(keys, trial.engine)).toHaveLength(50);
    expect(await cancelAll(keys, trial.engine)).toEqual([]);
  });

  test('asks nothing of a window that cancels nothing', async () => {
    expect(await cancelAll([intent(0).key], onTrial().engine)).toEqual([]);
  });
});
