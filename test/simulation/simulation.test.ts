/** The lodging stages in virtual time: many seeds, each replayed exactly. */
import { describe, expect, test } from 'vitest';
import { simulate } from './simulate.ts';

async function failuresOf(seeds: readonly number[]): Promise<readonly unknown[]> {
  const failed: unknown[] = [];
  for (const seed of seeds) {
    const { wrong } = await simulate(seed);
    if (wrong.length > 0) failed.push({ seed, wrong });
  }
  return failed;
}

const from = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at);

describe('in virtual time', () => {
  test.each(from(0, 8))('50 seeds lose nothing and lodge nothing twice (%i)', async (block) => {
    expect(await failuresOf(from(block * 50 + 1, 50))).toEqual([]);
  });

  test.each([
    ['a declaration that was received is not set free when its batch is refused afterwards', [27_306]],
    ['nothing of a batch in doubt is set free when the sign-in ends', [1_260, 3_432]],
    ['a part that was put off does not go out with its batch once it is free', [150, 770, 8_730]],
    ['a clock that jumps ahead does not make a late arrival impossible', [14_369]],
  ])('%s', async (_, seeds) => {
    expect(await failuresOf(seeds)).toEqual([]);
  });

  test('40 seeds replay byte for byte', async () => {
    for (const seed of from(1, 40)) {
      const { log } = await simulate(seed);
      expect((await simulate(seed)).log.join('\n')).toBe(log.join('\n'));
    }
  });
});
