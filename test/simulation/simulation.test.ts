/** The lodging stages in virtual time: many seeds, each replayed exactly. */
import { describe, expect, test } from 'vitest';
import { simulate } from './simulate.ts';

describe('in virtual time', () => {
  test('400 seeds lose nothing and lodge nothing twice', { timeout: 120_000 }, async () => {
    const failed: unknown[] = [];
    for (let seed = 1; seed <= 400; seed += 1) {
      const { wrong } = await simulate(seed);
      if (wrong.length > 0) failed.push({ seed, wrong });
    }
    expect(failed).toEqual([]);
  });

  test.each([7, 8, 9, 10])('seed %i replays byte for byte', async (seed) => {
    expect((await simulate(seed)).log).toEqual((await simulate(seed)).log);
  });
});
