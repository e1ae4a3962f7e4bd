/** What each failure means: certainly not processed, cannot know, or nobody may go on. */
import { describe, expect, test } from 'vitest';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { classify, problemOf } from '../../src/window/http/classify.ts';
import type { Exchange } from '../../src/window/http/exchange.ts';

type Answered = Extract<Exchange, { kind: 'answer' }>;
type Failed = Extract<Exchange, { kind: 'failure' }>;

const answer = (status: number, more: Partial<Answered> = {}): Answered => ({
  kind: 'answer',
  status,
  type: 'text/html',
  retryAfterMs: undefined,
  dateMs: undefined,
  text: '<html>',
  ...more,
});
const problem = (type: string, status: number, more: Partial<Answered> = {}): Answered => ({
  ...answer(status, { type: 'application/problem+json', ...more }),
  text: JSON.stringify({ type: `urn:declarant:problem:${type}`, title: 't', status, detail: 'd' }),
});
const failure = (more: Partial<Failed> = {}): Failed => ({
  kind: 'failure',
  cause: 'unreachable',
  hasBegun: false,
  error: new Error('x'),
  ...more,
});
const coded = (code: string): Error => Object.assign(new Error('x'), { code });

function stopOf(exchange: Exchange): Stop {
  try {
    classify(exchange);
  } catch (error) {
    if (error instanceof Stop) return error;
  }
  throw new Error('nothing stopped');
}

describe('an answer', () => {
  test.each([
    [answer(429, { retryAfterMs: 5 }), 'not-sent', { cause: 'throttled', status: 429, retryAfterMs: 5 }],
    [answer(429), 'not-sent', { cause: 'throttled', status: 429 }],
    [answer(413), 'not-sent', { cause: 'too-large', status: 413 }],
    [answer(503), 'cannot-know', { cause: 'unavailable', status: 503 }],
    [answer(503, { retryAfterMs: 0 }), 'not-sent', { cause: 'unavailable', status: 503, retryAfterMs: 0 }],
    [answer(501), 'not-sent', { cause: 'refused', status: 501 }],
    [answer(500), 'cannot-know', { cause: 'unavailable', status: 500 }],
    [answer(502), 'cannot-know', { cause: 'unavailable', status: 502 }],
    [answer(504), 'cannot-know', { cause: 'unavailable', status: 504 }],
    [problem('x', 500), 'cannot-know', { cause: 'unavailable', status: 500 }],
    [answer(200), 'cannot-know', { cause: 'broken-answer', status: 200 }],
    [answer(302), 'cannot-know', { cause: 'broken-answer', status: 302 }],
    [answer(499), 'cannot-know', { cause: 'broken-answer', status: 499 }],
    [problem('x', 402), 'cannot-know', { cause: 'broken-answer', status: 402 }],
    [problem('outstanding', 409), 'cannot-know', { cause: 'unavailable', status: 409 }],
  ] as const)('%o is %s', (exchange, kind, reason) => {
    expect(classify(exchange)).toStrictEqual({ kind, reason });
  });

  test.each([400, 404, 405, 409, 415, 421, 422])(
    '%i is a refusal only in the words of the protocol',
    (status) => {
      const reason = { cause: 'refused', status };
      expect(classify(problem('x', status))).toStrictEqual({ kind: 'not-sent', reason });
      const broken = { kind: 'cannot-know', reason: { cause: 'broken-answer', status } };
      expect(classify(answer(status))).toStrictEqual(broken);
      expect(classify({ ...problem('x', status), type: 'application/json' })).toStrictEqual(broken);
      expect(classify({ ...problem('x', status), text: '{' })).toStrictEqual(broken);
      expect(classify({ ...problem('x', status + 1), status })).toStrictEqual(broken);
    },
  );

  test.each([
    [answer(401), 'window/sign-in-refused', exitCode.signIn, { status: 401 }],
    [answer(403), 'window/forbidden', exitCode.signIn, { status: 403 }],
    [problem('key-reused', 422), 'window/key-reused', exitCode.defect, {}],
  ] as const)('%o stops the run with %s', (exchange, code, exit, facts) => {
    expect(stopOf(exchange)).toMatchObject({ code, exit, facts });
    expect(Object.keys(stopOf(exchange).facts)).toEqual(Object.keys(facts));
  });
});

describe('a failure', () => {
  test.each([
    [failure(), 'not-sent', { cause: 'unreachable' }],
    [failure({ hasBegun: true, cause: 'timeout' }), 'cannot-know', { cause: 'timeout' }],
    [
      failure({ hasBegun: true, cause: 'broken-answer', status: 207 }),
      'cannot-know',
      { cause: 'broken-answer', status: 207 },
    ],
    [failure({ error: coded('ERR_SSL_WRONG_VERSION_NUMBER') }), 'not-sent', { cause: 'unreachable' }],
    [failure({ error: coded('ERR_SSL_PACKET_LENGTH_TOO_LONG') }), 'not-sent', { cause: 'unreachable' }],
    [failure({ error: coded('ECONNREFUSED') }), 'not-sent', { cause: 'unreachable' }],
    [failure({ error: coded('X_CERT_HAS_EXPIRED') }), 'not-sent', { cause: 'unreachable' }],
    [failure({ error: 'CERT_HAS_EXPIRED' }), 'not-sent', { cause: 'unreachable' }],
    [failure({ error: { code: 'CERT_HAS_EXPIRED' } }), 'not-sent', { cause: 'unreachable' }],
    [failure({ error: undefined }), 'not-sent', { cause: 'unreachable' }],
  ] as const)('%o is %s', (exchange, kind, reason) => {
    expect(classify(exchange)).toStrictEqual({ kind, reason });
  });

  test.each([
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'ERR_OSSL_EVP_UNSUPPORTED',
    'CERT_HAS_EXPIRED',
    'CRL_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'INVALID_CA',
    'HOSTNAME_MISMATCH',
  ])('of TLS by %s stops the run, and says why', (code) => {
    const error = coded(code);
    const stop = stopOf(failure({ error }));
    expect([stop.code, stop.exit, stop.facts, stop.cause]).toEqual([
      'window/not-trusted',
      exitCode.usage,
      { reason: code },
      error,
    ]);
  });
});

test('a problem is one only under its own media type', () => {
  expect(problemOf(problem('x', 404))?.type).toBe('x');
  expect(problemOf({ ...problem('x', 404), type: '' })).toBeUndefined();
});
