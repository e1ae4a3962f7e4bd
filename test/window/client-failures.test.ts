/** The client says exactly what is known after an attempt: answered, certainly not processed, or cannot know. */
import { afterEach, describe, expect, it } from 'vitest';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import type { Answer, SingleWindow } from '../../src/window/single-window.ts';
import { Unanswered } from '../../src/window/unanswered.ts';
import { batchOf, lodgement } from './lodgements.ts';
import { json, problem, serveScript, type Script, type Scripted } from './scripted-server.ts';

const never = new AbortController().signal;
const [a, b] = [lodgement('A'), lodgement('B')];
const opened = json(201, { id: 'batch-1', state: 'open' });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function windowOf(script: Script, timeoutMs = 10_000): Promise<SingleWindow> {
  const server = await serveScript(script);
  const window = openHttpLodgement({ name: 'scripted', address: server.address, timeoutMs });
  closing.push(
    () => window.close(),
    () => server.close(),
  );
  return window;
}

/** A window that opens the batch and answers the upload like this. */
const onUpload = (upload: Scripted, timeoutMs?: number) =>
  windowOf(({ path }) => (path === '/v1/batches' ? opened : upload), timeoutMs);

async function submitted(window: SingleWindow): Promise<readonly unknown[]> {
  const answers = await window.submit(batchOf(a, b), never);
  expect(answers.map(({ key }) => key)).toEqual(['A', 'B']);
  return answers.map((answer) => (answer.kind === 'answered' ? [answer.kind] : [answer.kind, answer.reason]));
}

const both = (...known: readonly unknown[]) => [known, known];

function taken(ref: string, more: object = {}) {
  const contentDigest = (ref === 'A' ? a : b).digest;
  const receivedAt = '2026-03-02T09:00:00.000+08:00';
  const receipt = {
    id: `r-${ref}`,
    ref,
    version: 1,
    batchId: 'batch-1',
    receivedAt,
    contentDigest,
    text: '',
  };
  return { ref, status: 202, receipt: { ...receipt, ...more }, warnings: [] };
}

describe('before the upload', () => {
  it('is not sent when nobody listens', async () => {
    const server = await serveScript(() => opened);
    await server.close();
    const window = openHttpLodgement({ name: 'gone', address: server.address });
    closing.push(() => window.close());
    expect(await submitted(window)).toEqual(both('not-sent', { cause: 'unreachable' }));
  });

  it('is not sent when the name cannot be resolved', async () => {
    const window = openHttpLodgement({ name: 'gone', address: 'http://window.invalid' });
    closing.push(() => window.close());
    expect(await submitted(window)).toEqual(both('not-sent', { cause: 'unreachable' }));
  });

  it('is not sent when the TLS handshake fails', async () => {
    const server = await serveScript(() => opened);
    const window = openHttpLodgement({ name: 'tls', address: server.address.replace('http:', 'https:') });
    closing.push(
      () => window.close(),
      () => server.close(),
    );
    expect(await submitted(window)).toEqual(both('not-sent', { cause: 'unreachable' }));
  });

  it.each([
    [
      'breaks off',
      (response: { destroy: () => unknown }) => void response.destroy(),
      { cause: 'unreachable' },
    ],
    ['fails', { status: 500, body: '' }, { cause: 'unavailable', status: 500 }],
    ['is a page', { status: 200, body: '<html>' }, { cause: 'broken-answer', status: 200 }],
    ['names no batch', json(201, { state: 'open' }), { cause: 'broken-answer', status: 201 }],
    ['names a path', json(201, { id: '../x', state: 'open' }), { cause: 'broken-answer', status: 201 }],
  ] as const)('is not sent when the answer to the announcement %s', async (_, scripted, reason) => {
    expect(await submitted(await windowOf(() => scripted))).toEqual(both('not-sent', reason));
  });

  it('is not sent when the run was already interrupted', async () => {
    const window = await windowOf(() => opened);
    const [answer] = await window.submit(batchOf(a), AbortSignal.abort());
    expect(answer).toEqual({ kind: 'not-sent', key: 'A', reason: { cause: 'timeout' } });
  });

  it('is not sent when it is over the limits that the window told', async () => {
    const limits = json(200, { declarationsPerRequest: 1, bytesPerRequest: 100_000 });
    const window = await windowOf(({ path }) => (path === '/v1/limits' ? limits : opened));
    await window.limits(never);
    expect(await submitted(window)).toEqual(both('not-sent', { cause: 'too-large' }));
  });
});

describe('the answer to the upload', () => {
  it.each([
    ['429', { status: 429, body: '' }, { cause: 'throttled', status: 429 }],
    [
      '429 with seconds',
      { status: 429, headers: { 'retry-after': '7' }, body: '' },
      { cause: 'throttled', status: 429, retryAfterMs: 7000 },
    ],
    [
      '503 with a date, read against the server’s clock',
      {
        status: 503,
        headers: { 'retry-after': 'Mon, 02 Mar 2026 01:00:30 GMT', date: 'Mon, 02 Mar 2026 01:00:00 GMT' },
        body: '',
      },
      { cause: 'unavailable', status: 503, retryAfterMs: 30_000 },
    ],
    ['413 of a proxy', { status: 413, body: '<html>' }, { cause: 'too-large', status: 413 }],
    ['400 of the window', problem('malformed', 400), { cause: 'refused', status: 400 }],
    ['422 of the window', problem('content-mismatch', 422), { cause: 'refused', status: 422 }],
    ['409 of a closed batch', problem('batch-not-open', 409), { cause: 'refused', status: 409 }],
  ])('%s means: not sent', async (_, scripted, reason) => {
    expect(await submitted(await onUpload(scripted))).toEqual(both('not-sent', reason));
  });

  it.each([
    ['503 without Retry-After', { status: 503, body: '' }, { cause: 'unavailable', status: 503 }],
    [
      '503 with a Retry-After that is none',
      { status: 503, headers: { 'retry-after': 'soon' }, body: '' },
      { cause: 'unavailable', status: 503 },
    ],
    ['500', { status: 500, body: '' }, { cause: 'unavailable', status: 500 }],
    ['502', { status: 502, body: '' }, { cause: 'unavailable', status: 502 }],
    [
      'a redirect',
      { status: 307, headers: { location: '/x' }, body: '' },
      { cause: 'broken-answer', status: 307 },
    ],
    ['200 with a page', { status: 200, body: '<html>' }, { cause: 'broken-answer', status: 200 }],
    ['400 of a proxy', { status: 400, body: '<html>' }, { cause: 'broken-answer', status: 400 }],
    ['404 of a proxy', { status: 404, body: '' }, { cause: 'broken-answer', status: 404 }],
    [
      '409 while the first request is running',
      problem('outstanding', 409),
      { cause: 'unavailable', status: 409 },
    ],
  ])('%s means: cannot know', async (_, scripted, reason) => {
    expect(await submitted(await onUpload(scripted))).toEqual(both('cannot-know', reason));
  });

  it('that never comes means: cannot know', async () => {
    const window = await onUpload(() => {}, 300);
    expect(await submitted(window)).toEqual(both('cannot-know', { cause: 'timeout' }));
  });

  it('whose connection breaks means: cannot know', async () => {
    const window = await onUpload((response) => void response.destroy());
    expect(await submitted(window)).toEqual(both('cannot-know', { cause: 'unreachable' }));
  });

  it.each([
    ['401', 401, 'window/sign-in-refused'],
    ['403', 403, 'window/forbidden'],
  ])('%s stops the run: nobody may go on', async (_, status, code) => {
    const window = await onUpload({ status, body: '' });
    const stop = await window.submit(batchOf(a), never).catch((error: unknown) => error);
    expect(stop).toMatchObject({ code, exit: exitCode.signIn });
  });

  it('that our key belongs to another body stops the run as a defect', async () => {
    const window = await onUpload(problem('key-reused', 422));
    const stop = await window.submit(batchOf(a), never).catch((error: unknown) => error);
    expect(stop).toMatchObject({ code: 'window/key-reused', exit: exitCode.defect });
  });
});

describe('207 is not believed as a whole when it', () => {
  const whole = JSON.stringify({ items: [taken('A'), taken('B')] });
  const type = { 'content-type': 'application/json' };
  it.each([['breaks off at every tenth byte', whole]])('%s', async (_, text) => {
    for (let length = 0; length < text.length; length += Math.ceil(text.length / 10)) {
      const window = await onUpload((response) => {
        response.writeHead(207, { ...type, 'content-length': text.length });
        response.flushHeaders();
        response.write(text.slice(0, length), () => response.destroy());
      });
      expect(await submitted(window)).toEqual(both('cannot-know', { cause: 'broken-answer', status: 207 }));
    }
  });

  it.each([
    ['is cut and says it is whole', { headers: type, body: whole.slice(0, -10) }],
    ['has a byte order mark', { headers: type, body: `\ufeff${whole}` }],
    ['is not UTF-8', { headers: type, body: Buffer.from(`{"items":[],"x":"\xff"}`, 'latin1') }],
    ['has another media type', { headers: { 'content-type': 'text/html' }, body: whole }],
    ['is encoded', { headers: { ...type, 'content-encoding': 'gzip' }, body: whole }],
    [
      'names a member twice',
      { headers: type, body: whole.replace('"status"', '"status":202,"st\\u0061tus"') },
    ],
    ['holds NaN', { headers: type, body: whole.replace('202', 'NaN') }],
    ['is a list', { headers: type, body: '[]' }],
    ['names a reference that was not sent', { headers: type, body: whole.replaceAll('"B"', '"C"') }],
    ['is larger than 16 MiB', { headers: type, body: whole + ' '.repeat(17 * 1024 * 1024) }],
  ])('%s', async (_, scripted) => {
    expect(await submitted(await onUpload({ status: 207, ...scripted }))).toEqual(
      both('cannot-know', { cause: 'broken-answer', status: 207 }),
    );
  });
});

describe('207 is believed declaration by declaration', () => {
  const instance = { instance: 'urn:x', occurredAt: '2026-03-02T09:00:00.000+08:00' };
  const refusal = { type: 'urn:declarant:problem:validation', title: 't', detail: 'd', status: 422 };
  it.each([
    ['misses it', []],
    ['repeats it', [taken('B'), taken('B')]],
    ['gives another digest', [taken('B', { contentDigest: a.digest })]],
    ['gives another reference inside', [taken('B', { ref: 'A' })]],
    ['gives another batch', [taken('B', { batchId: 'batch-2' })]],
    ['gives no date', [taken('B', { receivedAt: 'today' })]],
    ['gives no id', [taken('B', { id: '' })]],
    ['is 200 without saying that it is a replay', [{ ...taken('B'), status: 200 }]],
    ['has an unknown status', [{ ...taken('B'), status: 201 }]],
    ['has its status as text', [{ ...taken('B'), status: '202' }]],
    ['is a refusal without a problem', [{ ref: 'B', status: 422 }]],
    [
      'is a refusal whose problem says otherwise',
      [{ ref: 'B', status: 422, problem: { ...refusal, ...instance, status: 400 } }],
    ],
    ['is a refusal without an instance', [{ ref: 'B', status: 422, problem: refusal }]],
  ])('and the one is not when it %s', async (_, items) => {
    const window = await onUpload(json(207, { items: [taken('A'), ...items] }));
    expect(await submitted(window)).toEqual([
      ['answered'],
      ['cannot-know', { cause: 'broken-answer', status: 207 }],
    ]);
  });

  it.each([
    [413, 'too-large'],
    [429, 'throttled'],
    [503, 'unavailable'],
  ])('and an item %i is not sent', async (status, cause) => {
    const window = await onUpload(json(207, { items: [{ ref: 'B', status }, taken('A')] }));
    expect(await submitted(window)).toEqual([['answered'], ['not-sent', { cause, status }]]);
  });

  it('in any order of the items', async () => {
    const window = await onUpload(json(207, { items: [taken('B'), taken('A')] }));
    const answers: readonly Answer[] = await window.submit(batchOf(a, b), never);
    expect(answers.map((answer) => (answer.kind === 'answered' ? answer.receipt.id : ''))).toEqual([
      'r-A',
      'r-B',
    ]);
  });
});

describe('an inquiry', () => {
  it('does not take the 404 of a proxy, of another reference or of an unknown kind for "never arrived"', async () => {
    for (const scripted of [
      { status: 404, body: '' },
      problem('unknown-reference', 404, { ref: 'B' }),
      problem('unknown-reference', 404),
      problem('not-found', 404, { ref: 'A' }),
    ]) {
      const [inquiry] = await (await windowOf(() => scripted)).inquire([a.key], never);
      expect(inquiry).toMatchObject({ kind: 'no-answer', reason: { cause: 'broken-answer', status: 404 } });
    }
  });

  it('does not believe an answer about another declaration', async () => {
    const window = await windowOf(() => json(200, { ref: 'B', askedAt: '', versions: [] }));
    const [inquiry] = await window.inquire([a.key], never);
    expect(inquiry).toMatchObject({ kind: 'no-answer', reason: { cause: 'broken-answer' } });
  });
});

describe('a question', () => {
  const throttled = { status: 429, headers: { 'retry-after': '3' }, body: '' };
  const reason = { cause: 'throttled', status: 429, retryAfterMs: 3000 };

  it('for limits stops the run with exit 5 when the window gives none', async () => {
    const stop = await (await windowOf(() => throttled)).limits(never).catch((error: unknown) => error);
    expect(stop).toBeInstanceOf(Stop);
    expect(stop).toMatchObject({
      code: 'window/throttled',
      exit: exitCode.unreachable,
      facts: { seconds: 3 },
    });
  });

  it('for events can be asked again, and tells the classified reason', async () => {
    const failure = await (
      await windowOf(() => throttled)
    )
      .events('', 0, never)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unanswered);
    expect(failure).toMatchObject({ reason });
  });

  it('for events stops the run when the sign-in is refused', async () => {
    const window = await windowOf(() => ({ status: 401, body: '' }));
    await expect(window.events('', 0, never)).rejects.toMatchObject({ code: 'window/sign-in-refused' });
  });

  it('that is interrupted timed out', async () => {
    const window = await windowOf(() => () => {});
    await expect(window.limits(AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'window/timeout' });
    await expect(window.events('', 0, AbortSignal.abort())).rejects.toMatchObject({
      reason: { cause: 'timeout' },
    });
  });

  it('for events does not skip one that is malformed', async () => {
    const window = await windowOf(() => json(200, { events: [{ id: 'x' }], nextCursor: 'c' }));
    await expect(window.events('', 0, never)).rejects.toMatchObject({ reason: { cause: 'broken-answer' } });
  });
});
