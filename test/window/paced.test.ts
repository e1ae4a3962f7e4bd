/** An origin that is left alone while it wants to be, and whose own time is carried on. */
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/window/http/exchange.ts';
import { openPace } from '../../src/window/http/pace.ts';
import { pacedOrigin } from '../../src/window/http/paced.ts';

const never = new AbortController().signal;
const request = { method: 'GET', path: '/', timeoutMs: 1 } as const;
const answer = {
  kind: 'answer',
  status: 200,
  type: 'application/json',
  retryAfterMs: undefined,
  dateMs: undefined,
  text: '{}',
} as const;
const failure = { kind: 'failure', cause: 'unreachable', hasBegun: false, error: undefined } as const;

/** It answers with these in turn, then with `answer`. */
function origin(answers: readonly Exchange[], perSecond?: number) {
  let nowMs = 1_000;
  let asked = 0;
  const slept: number[] = [];
  const uptimeMs = () => nowMs;
  const sleep = (ms: number, signal: AbortSignal) => {
    slept.push(ms);
    if (!signal.aborted) nowMs += ms;
    return Promise.resolve();
  };
  const exchange = () => Promise.resolve(answers[asked++] ?? answer);
  const pace = openPace({ perSecond, uptimeMs, sleep });
  const paced = pacedOrigin({ exchange, close: () => Promise.resolve() }, pace, uptimeMs);
  return {
    paced,
    slept,
    pass: (ms: number) => void (nowMs += ms),
    asked: () => asked,
    ask: (signal = never) => paced.exchange(request, signal),
  };
}

describe('the origin', () => {
  test.each([429, 503])(
    'is left alone where it asks for it by %i, and the answer says how long',
    async (status) => {
      const one = origin([{ ...answer, status, retryAfterMs: 900 }]);
      await one.ask();
      one.pass(100);
      expect(await one.ask()).toEqual({ ...answer, status: 429, type: '', retryAfterMs: 800, text: '' });
      expect(one.asked()).toBe(1);
      one.pass(800);
      expect(await one.ask()).toEqual(answer);
    },
  );

  test.each([
    ['by another answer', { ...answer, status: 413, retryAfterMs: 900 }],
    ['by one without a time', { ...answer, status: 429 }],
    ['by a failure', failure],
  ])('is asked again at once where it does not ask for it: %s', async (_, first) => {
    const one = origin([first]);
    expect(await one.ask()).toEqual(first);
    expect(await one.ask()).toEqual(answer);
  });

  test('is not asked once the caller has given up waiting for its turn', async () => {
    const one = origin([], 1);
    const caller = new AbortController();
    await one.ask(caller.signal);
    caller.abort();
    expect(await one.ask(caller.signal)).toEqual({
      kind: 'failure',
      cause: 'timeout',
      hasBegun: false,
      error: undefined,
    });
    expect(one.asked()).toBe(1);
  });

  test('lets each wait only as long as its turn takes', async () => {
    const one = origin([], 2);
    for (let times = 0; times < 5; times += 1) await one.ask();
    expect(one.slept).toEqual([1_050, 1_050]);
  });
});

describe('its time', () => {
  test('is not known before it tells it', async () => {
    const one = origin([{ ...answer }]);
    expect(one.paced.serverNow()).toBeUndefined();
    await one.ask();
    expect(one.paced.serverNow()).toBeUndefined();
  });

  test('goes on from what it last told', async () => {
    const dateMs = Date.UTC(2026, 0, 5, 8);
    const one = origin([{ ...answer, dateMs }, answer, failure, { ...answer, dateMs: dateMs + 90_000 }]);
    await one.ask();
    one.pass(7_000);
    expect(one.paced.serverNow()).toEqual(new Date(dateMs + 7_000));
    await one.ask();
    await one.ask();
    expect(one.paced.serverNow()).toEqual(new Date(dateMs + 7_000));
    await one.ask();
    one.pass(10);
    expect(one.paced.serverNow()).toEqual(new Date(dateMs + 90_010));
  });
});
