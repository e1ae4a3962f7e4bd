/** How hard a run presses: retries, batches at once, and when it stops. */
/* oxlint-disable unicorn/consistent-function-scoping */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPressure, pauseMsBefore } from '../../src/pipeline/pressure.ts';

describe('the pause before a repetition', () => {
  test('is random up to a bound that doubles to half a minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (round, chance) => {
          const pause = pauseMsBefore(round, undefined, () => chance);
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThan(Math.min(30_000, 500 * 2 ** round));
        },
      ),
    );
  });

  test('is never shorter than the window asks', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (asked, chance) => {
        expect(pauseMsBefore(3, asked, () => chance)).toBeGreaterThanOrEqual(asked);
      }),
    );
  });
});

describe('the pressure of a run', () => {
  test('pays for 100 repetitions, or 50 after timeouts, and no more', () => {
    const paid = (cause: 'timeout' | 'unavailable'): number => {
      const pressure = openPressure();
      let times = 0;
      while (pressure.mayRepeat(cause)) times += 1;
      return times;
    };
    expect([paid('unavailable'), paid('timeout')]).toEqual([100, 50]);
  });

  test('gives one token back for an answer', () => {
    const pressure = openPressure();
    while (pressure.mayRepeat('unavailable'));
    for (let answers = 0; answers < 5; answers += 1) pressure.tell('answered');
    expect([pressure.mayRepeat('unavailable'), pressure.mayRepeat('unavailable')]).toEqual([true, false]);
  });

  test('stays between one batch and four at once, whatever comes back', () => {
    const how = fc.constantFrom('answered' as const, 'refused' as const, 'failed' as const);
    fc.assert(
      fc.property(fc.array(how, { maxLength: 100 }), (answers) => {
        const pressure = openPressure();
        for (const each of answers) {
          pressure.tell(each);
          expect(pressure.atOnce()).toBeGreaterThanOrEqual(1);
          expect(pressure.atOnce()).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  test('rises to four with answers and is halved by a failure', () => {
    const pressure = openPressure();
    for (let answers = 0; answers < 20; answers += 1) pressure.tell('answered');
    const high = pressure.atOnce();
    pressure.tell('failed');
    expect([high, pressure.atOnce()]).toEqual([4, 2]);
  });

  test('rises by one for a round in which every place was answered, and not for a refusal', () => {
    const pressure = openPressure();
    const seen = [pressure.atOnce()];
    for (const how of ['refused', 'refused', 'refused', 'answered', 'answered', 'answered'] as const) {
      pressure.tell(how);
      seen.push(pressure.atOnce());
    }
    expect(seen).toEqual([2, 2, 2, 2, 2, 2, 3]);
  });

  test('stops after three batches in a row of which nothing was taken', () => {
    const pressure = openPressure();
    for (const took of [false, false, true, false, false]) pressure.batchEnded(took);
    expect(pressure.stopped()).toBeUndefined();
    pressure.batchEnded(false);
    expect(pressure.stopped()).toEqual({ cause: 'unavailable' });
  });

  test('stops when more than a fifth of 25 or more requests fail', () => {
    const pressure = openPressure();
    for (let index = 0; index < 24; index += 1) pressure.tell(index % 4 === 0 ? 'failed' : 'answered');
    expect(pressure.stopped()).toBeUndefined();
    pressure.tell('answered');
    expect(pressure.stopped()).toEqual({ cause: 'unavailable' });
  });

  test('goes on where just a fifth of the requests fail', () => {
    const pressure = openPressure();
    for (let index = 0; index < 25; index += 1) pressure.tell(index < 20 ? 'answered' : 'failed');
    expect(pressure.stopped()).toBeUndefined();
    pressure.tell('failed');
    expect(pressure.stopped()).toEqual({ cause: 'unavailable' });
  });
});
