/** One request and what is told of it: the answer's head, read strictly, or how far the request had come. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Exchange, openOrigin, type Request } from '../../src/window/http/exchange.ts';
import { type Script, type Scripted, serveScript } from './scripted-server.ts';

const never = new AbortController().signal;
const get: Request = { method: 'GET', path: '/v1/x?y=1', timeoutMs: 10_000 };
const bytes = new TextEncoder().encode('{"名":1}');
const post: Request = { ...get, method: 'POST', body: { type: 'application/json', bytes } };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function originOf(script: Script) {
  const server = await serveScript(script);
  const origin = openOrigin(server.address, 1);
  closing.push(origin.close, server.close);
  return { ...origin, server };
}

async function told(scripted: Scripted, request = get, signal = never): Promise<Exchange> {
  return (await originOf(() => scripted)).exchange(request, signal);
}

/** An answer with these headers and no others. */
const withHead =
  (headers: Readonly<Record<string, string | string[]>>): Scripted =>
  (response) => {
    response.sendDate = false;
    response.writeHead(200, headers).end('{}');
  };

describe('a request', () => {
  it('goes out with its path, headers and body, and the length of the body', async () => {
    const seen: unknown[] = [];
    const { exchange } = await originOf((asked) => {
      seen.push(asked);
      return { status: 200, body: '' };
    });
    await exchange({ ...post, headers: { 'idempotency-key': 'k' } }, never);
    await exchange(get, never);
    const accept = 'application/json, application/problem+json';
    const about = { 'content-type': 'application/json', 'content-length': String(bytes.length) };
    expect(seen).toMatchObject([
      {
        method: 'POST',
        path: '/v1/x?y=1',
        body: '{"名":1}',
        headers: { accept, ...about, 'idempotency-key': 'k' },
      },
      { method: 'GET', path: '/v1/x?y=1', body: '', headers: { accept } },
    ]);
    expect(seen[1]).not.toHaveProperty('headers.content-type');
  });

  it('follows no redirect', async () => {
    const answer = await told({ status: 307, headers: { location: '/elsewhere' }, body: '' });
    expect(answer).toMatchObject({ kind: 'answer', status: 307 });
  });
});

describe('the head of an answer', () => {
  it.each([
    ['Application/JSON ; charset=utf-8', 'application/json'],
    ['text/html', 'text/html'],
    ['', ''],
  ])('with the content type "%s" is read as "%s"', async (sent, type) => {
    expect(await told(withHead({ 'content-type': sent }))).toMatchObject({ kind: 'answer', type });
  });

  it('that says nothing is read as nothing', async () => {
    expect(await told(withHead({}))).toStrictEqual({
      kind: 'answer',
      status: 200,
      type: '',
      retryAfterMs: undefined,
      dateMs: undefined,
      text: '{}',
    });
  });

  const date = 'Mon, 05 Jan 2026 08:00:00 GMT';
  it.each([
    ['0', 0],
    ['12', 12_000],
    ['999999999999', 999_999_999_999_000],
    ['1234567890123', undefined],
    ['x12', undefined],
    ['12s', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['Mon, 05 Jan 2026 08:00:30 GMT', 30_000],
    ['Mon, 05 Jan 2026 07:59:00 GMT', 0],
    ['Mon, 99 Jan 2026 08:00:30 GMT', undefined],
    ['x Mon, 05 Jan 2026 08:00:30 GMT', undefined],
    ['Mon, 05 Jan 2026 08:00:30 GMT+0100', undefined],
    ['2026-01-05T08:00:30Z', undefined],
  ])('with "Retry-After: %s" asks for %s ms', async (sent, retryAfterMs) => {
    expect(await told(withHead({ 'retry-after': sent, date }))).toMatchObject({
      retryAfterMs,
      dateMs: Date.UTC(2026, 0, 5, 8),
    });
  });

  it('asks for no wait until a date where the server does not tell its own', async () => {
    expect(await told(withHead({ 'retry-after': date }))).toMatchObject({
      retryAfterMs: undefined,
      dateMs: undefined,
    });
  });
});

describe('an answer that cannot be read', () => {
  it.each([
    ['is encoded', { status: 202, headers: { 'content-encoding': 'gzip' }, body: '{}' }],
    ['is not UTF-8', { status: 202, body: Buffer.from([0x7b, 0xff, 0x7d]) }],
  ])('because it %s is broken, with its status', async (_, scripted) => {
    const broken = { kind: 'failure', cause: 'broken-answer', status: 202, error: undefined };
    expect(await told(scripted, post)).toStrictEqual({ ...broken, hasBegun: true });
    expect(await told(scripted)).toStrictEqual({ ...broken, hasBegun: false });
  });

  it('because it breaks off is broken, with its status', async () => {
    const cut: Scripted = (response) => {
      response.writeHead(200, { 'content-length': '10' }).write('{}', () => response.destroy());
    };
    expect(await told(cut, post)).toMatchObject({ cause: 'broken-answer', status: 200, hasBegun: true });
  });

  it('because it is over 16 MiB is broken, and just below it is not', async () => {
    const of = (length: number) => told({ status: 200, body: Buffer.alloc(length, ' ') });
    expect(await of(16 * 1024 * 1024 + 1)).toMatchObject({ cause: 'broken-answer', status: 200 });
    expect(await of(16 * 1024 * 1024 - 1)).toMatchObject({ kind: 'answer' });
  });
});

describe('without an answer', () => {
  it('nothing has begun where nobody listens', async () => {
    const { exchange, server } = await originOf(() => ({ status: 200, body: '' }));
    await server.close();
    expect(await exchange(post, never)).toStrictEqual({
      kind: 'failure',
      cause: 'unreachable',
      hasBegun: false,
      error: expect.any(Error),
    });
  });

  it('the request may have arrived where the connection ends or the time is over', async () => {
    const silent: Scripted = () => {};
    const cut: Scripted = (response) => void response.destroy();
    expect(await told(cut, post)).toMatchObject({ cause: 'unreachable', hasBegun: true });
    expect(await told(silent, { ...post, timeoutMs: 300 })).toMatchObject({
      cause: 'timeout',
      hasBegun: true,
    });
  });

  it('nothing goes out where the run was interrupted before', async () => {
    const seen: unknown[] = [];
    const { exchange } = await originOf((asked) => {
      seen.push(asked);
      return { status: 200, body: '' };
    });
    const failure = await exchange(post, AbortSignal.abort());
    expect(failure).toMatchObject({ kind: 'failure', cause: 'timeout', hasBegun: false });
    expect(seen).toEqual([]);
  });

  it('closing ends what is under way, and nothing goes out afterwards', async () => {
    const asked = Promise.withResolvers<void>();
    const { exchange, close } = await originOf(() => () => asked.resolve());
    const pending = exchange(post, never);
    await asked.promise;
    await close();
    expect(await pending).toMatchObject({ cause: 'unreachable', hasBegun: true });
    expect(await exchange(post, never)).toMatchObject({ cause: 'unreachable', hasBegun: false });
  });
});
