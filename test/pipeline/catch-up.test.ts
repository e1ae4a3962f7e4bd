/** How a ledger is brought up to what the window knows. */
import { expect, test } from 'vitest';
import type { LodgementState } from '../../src/model/state.ts';
import { catchUp } from '../../src/pipeline/catch-up.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import { each, intent, known, onTrial, receiptFor, silent, taking, type Trial } from './engine-on-trial.ts';

const all = (count: number) => Array.from({ length: count }, (_, at) => intent(at));

/** One declaration in each of the states. */
async function standing(trial: Trial, inStates: readonly LodgementState[]): Promise<Trial> {
  const [first, ...rest] = all(inStates.length);
  await lodge([known(first), ...rest], trial.engine);
  trial.engine.ledger.record(
    inStates.map((state, at) => receiptFor(intent(at), state)),
    trial.engine.now().toISOString(),
  );
  trial.asked.length = 0;
  return trial;
}

test('every declaration that awaits a word is told as it was and as it is, also where nothing changed', async () => {
  const trial = await standing(
    onTrial({
      events: [
        receiptFor(intent(1), 'accepted', { id: 'e1' }),
        receiptFor(intent(3), 'released', { id: 'e3' }),
      ],
    }),
    ['received', 'registered', 'accepted', 'held', 'rejected', 'released', 'cancelled', 'cleared', 'exited'],
  );
  const { entries, unknown } = await catchUp(trial.engine);
  expect(entries.map(({ before, now }) => [now.key, before, now.state])).toEqual([
    ['K0', 'received', 'received'],
    ['K1', 'registered', 'accepted'],
    ['K2', 'accepted', 'accepted'],
    ['K3', 'held', 'released'],
  ]);
  expect([unknown, trial.engine.ledger.cursor('trial')]).toEqual([0, 'end']);
});

test('what is unknown is asked about, and counted where it stays so', async () => {
  const trial = onTrial({
    kind: 'none',
    says: [
      each(taking, silent),
      () => {
        throw new Error('killed');
      },
    ],
  });
  await lodge([intent(0), intent(1)], trial.engine);
  await expect(lodge([intent(2)], trial.engine)).rejects.toThrow('killed');
  const { entries, unknown } = await catchUp(trial.engine);
  expect(entries.map(({ before, now }) => [now.key, before, now.state])).toEqual([
    ['K0', 'received', 'received'],
    ['K1', 'unknown', 'unknown'],
    ['K2', 'sending', 'unknown'],
  ]);
  expect(unknown).toBe(2);
});

test('of a window that does not answer nothing is asked', async () => {
  const failure = new Error('no answer');
  const trial = onTrial({ says: Array.from({ length: 5 }, () => silent) });
  await lodge([intent(0)], trial.engine);
  trial.asked.length = 0;
  const limits = () => Promise.reject(failure);
  await expect(catchUp({ ...trial.engine, window: { ...trial.engine.window, limits } })).rejects.toBe(
    failure,
  );
  expect(trial.asked).toEqual([]);
});

test('no page of events is asked for after Ctrl-C', async () => {
  const trial = await standing(onTrial({ events: [receiptFor(intent(0), 'accepted')] }), ['received']);
  trial.interrupt.abort();
  const { entries } = await catchUp(trial.engine);
  expect(entries.map(({ now }) => now.state)).toEqual(['received']);
});

test('more declarations than one look-up takes are all told', async () => {
  const trial = onTrial({ promises: { maxDeclarationsPerBatch: 2_000 } });
  await standing(
    trial,
    Array.from({ length: 1_000 }, () => 'received' as const),
  );
  const { entries } = await catchUp(trial.engine);
  expect(entries.map(({ now }) => now.key)).toEqual(all(1_000).map(({ key }) => key));
});
