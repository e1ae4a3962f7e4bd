/** With which token each request goes out, and when the token is asked for again. */
import { describe, expect, test } from 'vitest';
import { exitCode, Stop } from '../../src/model/stop.ts';
import type { Access, Exchange } from '../../src/window/http/exchange.ts';
import { signedIn } from '../../src/window/http/sign-in.ts';

const never = new AbortController().signal;
const bare = { kind: 'answer', type: '', retryAfterMs: undefined, dateMs: undefined, text: '' } as const;
const failure = {
  kind: 'failure',
  cause: 'broken-answer',
  hasBegun: true,
  status: 401,
  error: undefined,
} as const;

/** A window that takes one token; how each request came, by its headers. */
function trial(access: Access, valid = 'new', says?: Exchange) {
  const came: (Readonly<Record<string, string>> | undefined)[] = [];
  const origin = signedIn(
    {
      exchange: ({ headers }) => {
        came.push(headers);
        const isIn = headers?.['authorization'] === `Bearer ${valid}`;
        return Promise.resolve(says ?? { ...bare, status: isIn ? 200 : 401 });
      },
      close: () => Promise.resolve(),
    },
    access,
  );
  const ask = (headers?: Readonly<Record<string, string>>) =>
    origin.exchange({ method: 'GET', path: '/', timeoutMs: 1, ...(headers ? { headers } : {}) }, never);
  return { ...origin, ask, came };
}

const renewing = (...tokens: (string | undefined)[]) => {
  const refused: string[] = [];
  const tokenAgain = (old: string) => {
    refused.push(old);
    return Promise.resolve(tokens.shift());
  };
  return { access: { token: 'old', tokenAgain }, refused };
};

describe('a request', () => {
  test('carries the token beside its own headers', async () => {
    const one = trial({ token: 'new' });
    await one.ask({ 'idempotency-key': 'k' });
    await one.ask();
    expect(one.came).toEqual([
      { 'idempotency-key': 'k', authorization: 'Bearer new' },
      { authorization: 'Bearer new' },
    ]);
  });

  test('carries none where there is none', async () => {
    const one = trial({});
    await one.ask({ a: 'b' });
    expect(one.came).toEqual([{ a: 'b' }]);
    expect(await one.signInAgain()).toBe(false);
  });
});

describe('the token', () => {
  test('is asked for again once it was refused, and not before', async () => {
    const { access, refused } = renewing('new');
    const one = trial(access);
    expect([await one.signInAgain(), refused]).toEqual([false, []]);
    await one.ask();
    expect([await one.signInAgain(), refused]).toEqual([true, ['old']]);
    expect(await one.ask()).toMatchObject({ status: 200 });
    // Another lane that was refused with the old token goes out again with this one.
    expect([await one.signInAgain(), refused]).toEqual([true, ['old']]);
  });

  test('is asked for as often as it is refused', async () => {
    const { access, refused } = renewing('second', 'new');
    const one = trial(access);
    for (let times = 0; times < 2; times += 1) {
      await one.ask();
      expect(await one.signInAgain()).toBe(true);
    }
    expect([await one.ask(), refused]).toMatchObject([{ status: 200 }, ['old', 'second']]);
  });

  test('is asked for once by all who are refused meanwhile', async () => {
    const { access, refused } = renewing('new');
    const one = trial(access);
    await one.ask();
    expect(await Promise.all([one.signInAgain(), one.signInAgain()])).toEqual([true, true]);
    expect(refused).toEqual(['old']);
  });

  test('is not called refused by a 401 to one before it', async () => {
    const { access, refused } = renewing('new');
    const one = trial(access);
    await one.ask();
    const late = one.ask();
    await one.signInAgain();
    await late;
    expect([await one.signInAgain(), refused]).toEqual([true, ['old']]);
  });

  test('stays where there is no other, and may be there later', async () => {
    const { access, refused } = renewing(undefined, 'new');
    const one = trial(access);
    await one.ask();
    expect([await one.signInAgain(), await one.signInAgain()]).toEqual([false, true]);
    expect(refused).toEqual(['old', 'old']);
    expect(await one.ask()).toMatchObject({ status: 200 });
  });

  test('stays where nobody can be asked', async () => {
    const one = trial({ token: 'old' });
    await one.ask();
    expect(await one.signInAgain()).toBe(false);
  });

  test('is not called refused by a failure, nor by another answer', async () => {
    for (const says of [failure, { ...bare, status: 403 } as const]) {
      const { access, refused } = renewing('new');
      const one = trial(access, 'new', says);
      await one.ask();
      expect([await one.signInAgain(), refused]).toEqual([false, []]);
    }
  });
});

describe('where the token cannot be had', () => {
  const failing = async (cause: unknown): Promise<unknown> => {
    const one = trial({ token: 'old', tokenAgain: () => Promise.reject(cause) });
    await one.ask();
    return one.signInAgain().catch((error: unknown) => error);
  };

  test.each([
    [exitCode.usage, exitCode.signIn],
    [exitCode.signIn, exitCode.signIn],
    [exitCode.storage, exitCode.storage],
  ])('a stop with exit %i is told with exit %i, and why', async (exit, told) => {
    const cause = new Stop('secret/command-failed', exit);
    expect(await failing(cause)).toMatchObject({
      code: 'secret/not-renewed',
      exit: told,
      facts: { reason: 'secret/command-failed' },
      cause,
    });
  });

  test('a defect stays one', async () => {
    const cause = new Error('a defect');
    expect(await failing(cause)).toBe(cause);
  });
});
