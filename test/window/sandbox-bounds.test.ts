/** Whatever is sent to the sandbox window, it answers with a problem and goes on. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lodgement } from './lodgements.ts';
import { ask, get, itemsOf, lodgeRaw, openBatch, post, problemType, uploadOf } from './raw-client.ts';
import { sandboxOnTrial, type SandboxOnTrial } from './trial.ts';

let trial: SandboxOnTrial;
let address: string;
beforeEach(async () => {
  trial = await sandboxOnTrial();
  ({ address } = trial.sandbox);
});
afterEach(() => trial.close());

async function upload(body: string | Buffer) {
  const id = await openBatch(address, '', 1000);
  const reply = await post(address, `/v1/batches/${id}/declarations`, {
    key: 'k',
    type: 'application/x-ndjson',
    body,
  });
  return [reply.status, problemType(reply), reply.json['detail']];
}

it('names the line that is not JSON, and processes none of the others', async () => {
  const body = `${uploadOf([lodgement('A')])}{"ref":"B"\n`;
  expect(await upload(body)).toEqual([400, 'malformed', 'Line 2 is not a JSON object.']);
  expect((await get(address, '/v1/declarations/A')).status).toBe(404);
});

it.each([
  ['an empty line', '\n\n', 400],
  ['no reference', '{"declaration":{}}', 400],
  ['an empty reference', '{"ref":"","declaration":{}}', 400],
  ['a reference of 201 characters', `{"ref":"${'a'.repeat(201)}","declaration":{}}`, 400],
  ['a control character in the reference', '{"ref":"a\\u0007","declaration":{}}', 400],
  ['half a character in the reference', '{"ref":"\\ud800","declaration":{}}', 400],
  ['a reference twice', '{"ref":"a","declaration":{}}\n{"ref":"a","declaration":{}}', 400],
  ['an unknown member', '{"ref":"a","declaration":{},"lang":"zh"}', 400],
  ['a version of 0', '{"ref":"a","version":0,"declaration":{}}', 400],
  ['a byte order mark', '\ufeff{"ref":"a","declaration":{}}', 400],
  ['bytes that are not UTF-8', Buffer.from('{"ref":"\xd6\xd0"}', 'latin1'), 400],
  ['1001 declarations', '{"ref":"a"}\n'.repeat(1001), 413],
  ['a line of over 1 MiB', `{"ref":"a","declaration":{"A":{"B":"${'x'.repeat(1024 * 1024)}"}}}`, 413],
  ['over 5 MiB', 'x'.repeat(5 * 1024 * 1024 + 1), 413],
])('refuses an upload with %s', async (_, body, status) => {
  expect((await upload(body))[0]).toBe(status);
  expect((await get(address, '/v1/limits')).status).toBe(200);
});

it.each([
  ['a number as a value', '{"DecHead":{"GrossWt":1}}'],
  ['a member named __proto__', '{"__proto__":{"x":"y"}}'],
  ['a list of texts', '{"DecLists":["a"]}'],
  ['null', 'null'],
  ['a deeper object', '{"A":{"B":{"C":"d"}}}'],
])('refuses a declaration with %s, and goes on', async (_, declaration) => {
  const body = `{"ref":"a","declaration":${declaration}}\n${uploadOf([lodgement('B')])}`;
  const path = `/v1/batches/${await openBatch(address, body, 2)}/declarations`;
  const reply = await post(address, path, { key: 'k', type: 'application/x-ndjson', body });
  expect(itemsOf(reply).map(({ status }) => status)).toEqual([422, 202]);
});

it.each([
  ['GET', '/', 404],
  ['GET', '/v1/batches/none', 404],
  ['GET', '/v1/batches/none/results', 404],
  ['POST', '/v1/limits', 405],
  ['PUT', '/v1/batches', 405],
  ['GET', '/v1/declarations/%E4%B8', 400],
  ['GET', '/v1/events?cursor=x', 400],
  ['GET', '/v1/events?limit=0', 400],
  ['GET', '/v1/events?limit=-1', 400],
  ['GET', '/v1/events?wait=1e9', 400],
  ['POST', '/v1/batches', 415],
] as const)('refuses %s %s with %i', async (method, path, status) => {
  const { headers, ...reply } = await ask(address, { method, path, headers: { 'content-length': '0' } });
  expect(reply.status).toBe(status);
  expect(headers['content-type']).toBe('application/problem+json');
});

it.each([
  ['no JSON', 'x'],
  ['no profile', `{"expectedCount":1,"contentDigest":"${'0'.repeat(64)}"}`],
  ['no count', `{"profile":"p","expectedCount":"1","contentDigest":"${'0'.repeat(64)}"}`],
  ['no digest', '{"profile":"p","expectedCount":1,"contentDigest":"0"}'],
])('refuses an announcement with %s', async (_, body) => {
  expect((await post(address, '/v1/batches', { key: 'k', body })).status).toBe(400);
});

it('answers only to its loopback name, so that a web page cannot reach it by another', async () => {
  const reply = await ask(address, { method: 'GET', path: '/v1/limits', headers: { host: 'evil.example' } });
  expect([reply.status, problemType(reply)]).toEqual([421, 'wrong-host']);
});

it('refuses an encoded body', async () => {
  const headers = {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': '2',
    'idempotency-key': 'k',
  };
  const reply = await ask(address, { method: 'POST', path: '/v1/batches', headers, body: '{}' });
  expect(reply.status).toBe(415);
});

async function raw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

it('answers what is not HTTP with a problem, and goes on', async () => {
  expect(await raw('SSH-2.0-OpenSSH_9.2\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 [^]*"urn:declarant:problem:malformed"/u,
  );
  expect((await get(address, '/v1/limits')).status).toBe(200);
});

it('refuses a head of more than 16 KiB', async () => {
  const head = `GET /v1/limits HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`;
  expect(await raw(head)).toMatch(/^HTTP\/1\.1 431 [^]*"urn:declarant:problem:too-large"/u);
});

it('survives an upload that breaks off, and takes it when it comes whole', async () => {
  const body = uploadOf([lodgement('A')]);
  const path = `/v1/batches/${await openBatch(address, body, 1)}/declarations`;
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nIdempotency-Key: k\r\nContent-Type: application/x-ndjson\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`);
  await text(socket);
  const reply = await post(address, path, { key: 'k', type: 'application/x-ndjson', body });
  expect(itemsOf(reply).map(({ status }) => status)).toEqual([202]);
});

it('answers any line with an item or a problem, never with a failure of its own', async () => {
  const line = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc
      .record({ ref: fc.string({ unit: 'binary' }), declaration: fc.jsonValue() })
      .map((value) => JSON.stringify(value)),
    fc
      .record({
        ref: fc.string(),
        declaration: fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.string())),
      })
      .map((value) => JSON.stringify(value)),
  );
  const id = await openBatch(address, '', 1_000_000);
  let key = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (lines) => {
      key += 1;
      const body = lines.join('\n');
      const path = `/v1/batches/${id}/declarations`;
      const reply = await post(address, path, { key: `k${key}`, type: 'application/x-ndjson', body });
      expect([207, 400]).toContain(reply.status);
    }),
    { numRuns: 40 },
  );
  expect((await lodgeRaw(address, [lodgement('A')])).status).toBe(207);
});
