/** The one place where work runs side by side. */
import { describe, expect, test } from 'vitest';
import { inFlight } from '../../src/pipeline/in-flight.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let each = 0; each < count; each += 1) yield each;
}

describe('inFlight', () => {
  test('runs everything, and never more at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await inFlight(numbers(20), 3, async (each) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done.push(each);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(3);
  });

  test('throws the first failure after what is under way has ended, and pulls no further', async () => {
    const ended: number[] = [];
    const work = async (each: number): Promise<void> => {
      await Promise.resolve();
      if (each === 1) throw new Error('broken');
      ended.push(each);
    };
    await expect(inFlight(numbers(100), 2, work)).rejects.toThrow('broken');
    expect(ended.length).toBeLessThan(10);
  });
});
