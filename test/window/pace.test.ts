/** The pace of requests, in virtual time. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPace } from '../../src/window/http/pace.ts';
import { pacedOrigin } from '../../src/window/http/paced.ts';

const never = new AbortController().signal;

/** Time that passes only while somebody sleeps. */
function sleepingClock() {
  let nowMs = 0;
  return {
    uptimeMs: () => nowMs,
    sleep: (ms: number) => Promise.resolve(void (nowMs += ms)),
    pass: (ms: number) => void (nowMs += ms),
  };
}

test('no second, however it is cut, holds more requests than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(900), { minLength: 2, maxLength: 40 }),
      async (perSecond, gaps) => {
        const clock = sleepingClock();
        const pace = openPace({ perSecond, ...clock });
        const sent: number[] = [];
        for (const gap of gaps) {
          clock.pass(gap);
          await pace.turn(never);
          sent.push(clock.uptimeMs());
        }
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(perSecond);
      },
    ),
  );
});

test('without a limit nobody waits', async () => {
  const clock = sleepingClock();
  const pace = openPace({ perSecond: undefined, ...clock });
  for (let index = 0; index < 100; index += 1) await pace.turn(never);
  expect(clock.uptimeMs()).toBe(0);
});

test('what the window asks for holds for every request of the run, and then no longer', async () => {
  const clock = sleepingClock();
  const answer = {
    kind: 'answer',
    status: 429,
    type: '',
    retryAfterMs: 2_000,
    dateMs: undefined,
    text: '',
  } as const;
  let requests = 0;
  const exchange = () => {
    requests += 1;
    return Promise.resolve(requests === 1 ? answer : { ...answer, status: 200, retryAfterMs: undefined });
  };
  const pace = openPace({ perSecond: undefined, ...clock });
  const origin = pacedOrigin({ exchange, close: () => Promise.resolve() }, pace, clock.uptimeMs);
  const ask = () => origin.exchange({ method: 'GET', path: '/', timeoutMs: 1 }, never);
  await ask();
  clock.pass(1_500);
  expect([await ask(), requests]).toMatchObject([{ status: 429, retryAfterMs: 500 }, 1]);
  clock.pass(500);
  expect([await ask(), requests]).toMatchObject([{ status: 200 }, 2]);
});
