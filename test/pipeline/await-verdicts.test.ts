/** How the window's events are asked for, and what is written down of them. */
import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../src/model/receipt.ts';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { awaitVerdicts, takeEvents } from '../../src/pipeline/await-verdicts.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import { lodge } from '../../src/pipeline/lodge.ts';
import { intent, onTrial, receiptFor, states, type Trial, type TrialOptions } from './engine-on-trial.ts';

const [a, b] = [intent(0), intent(1)];

type Watched = {
  readonly trial: Trial;
  readonly engine: Engine;
  /** What the program asked of window and ledger, in its order. */
  readonly calls: string[];
};

/** One declaration is lodged; from then on it is watched what is asked for and written down. */
async function watched(options: TrialOptions = {}): Promise<Watched> {
  const trial = onTrial(options);
  const { engine } = trial;
  const { ledger, window } = engine;
  await lodge([a], engine);
  const calls: string[] = [];
  return {
    trial,
    calls,
    engine: {
      ...engine,
      deadline: (ms) => {
        calls.push(`deadline ${ms}`);
        return engine.deadline(ms);
      },
      window: {
        ...window,
        events: (since, waitMs, signal) => {
          calls.push(`events ${waitMs}`);
          return window.events(since, waitMs, signal);
        },
      },
      ledger: {
        ...ledger,
        record: (receipts, at) => {
          calls.push(`record ${receipts.map(({ key }) => key).join(' ')}`);
          ledger.record(receipts, at);
        },
        setCursor: (name, cursor) => {
          calls.push(`cursor ${cursor}`);
          ledger.setCursor(name, cursor);
        },
      },
    },
  };
}

describe('events', () => {
  test('that concern us are written down, and none is asked for again', async () => {
    const { trial, engine, calls } = await watched({
      events: [receiptFor(a, 'accepted'), receiptFor(b, 'accepted')],
    });
    expect(await takeEvents(0, engine)).toBe(true);
    expect([states(trial), engine.ledger.cursor('trial')]).toEqual([{ accepted: 1 }, 'end']);
    expect(calls).toEqual(['deadline 30000', 'events 0', 'record K0', 'cursor end']);
    expect(await takeEvents(0, engine)).toBe(false);
    expect(calls.slice(4)).toEqual(['deadline 30000', 'events 0']);
  });

  test('of others only move on the place from which they are asked for', async () => {
    const { engine, calls } = await watched({ events: [receiptFor(b, 'accepted')] });
    expect(await takeEvents(500, engine)).toBe(true);
    expect(calls).toEqual(['deadline 30500', 'events 500', 'cursor end']);
  });

  test('that do not come are no failure, but a stop is', async () => {
    const failing = (failure: Error) => onTrial({ window: { events: () => Promise.reject(failure) } }).engine;
    expect(await takeEvents(0, failing(new Error('no answer')))).toBe(false);
    const stop = new Stop('window/forbidden', exitCode.signIn);
    await expect(takeEvents(0, failing(stop))).rejects.toBe(stop);
  });
});

describe('while verdicts are waited for', () => {
  const wait = async ({ engine }: Watched, waitMs: number): Promise<readonly number[]> => {
    const told: number[] = [];
    await awaitVerdicts(new Set([a.key]), waitMs, engine, (decided) => told.push(decided));
    return told;
  };
  const asked = ({ calls }: Watched) => calls.filter((call) => call.startsWith('events'));

  test('the window is asked for two seconds at a time and no longer than there is time, with a pause after each empty answer', async () => {
    const one = await watched();
    expect(await wait(one, 5_000)).toEqual([0, 0, 0, 0]);
    expect([asked(one), one.trial.slept]).toEqual([
      ['events 2000', 'events 2000', 'events 600'],
      [200, 200, 200],
    ]);
  });

  test('the pause is no longer than there is time', async () => {
    const one = await watched({ window: { events: (next) => Promise.resolve({ receipts: [], next }) } });
    await wait(one, 250);
    expect([asked(one), one.trial.slept]).toEqual([
      ['events 250', 'events 50'],
      [200, 50],
    ]);
  });

  test('it is asked again at once while it has something to tell', async () => {
    const pages: Receipt[][] = [
      [receiptFor(b, 'accepted')],
      [receiptFor(a, 'registered')],
      [receiptFor(a, 'accepted')],
    ];
    const one = await watched({
      window: { events: (since) => Promise.resolve({ receipts: pages.shift() ?? [], next: `${since}.` }) },
    });
    expect(await wait(one, 5_000)).toEqual([0, 0, 0, 1]);
    expect([asked(one).length, one.trial.slept]).toEqual([3, []]);
  });

  test('nothing is asked without time, and nothing after Ctrl-C', async () => {
    const one = await watched();
    expect(await wait(one, 0)).toEqual([0]);
    one.trial.interrupt.abort();
    expect(await wait(one, 5_000)).toEqual([0]);
    expect(one.calls).toEqual([]);
  });
});
