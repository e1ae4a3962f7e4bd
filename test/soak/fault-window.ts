/** A single window that fails on purpose, in its own process: seeded, of any kind, and it writes down what it accepted before it answers. Shares no code with the program. */
/* oxlint-disable unicorn/consistent-function-scoping */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type FaultOptions = {
  readonly kind: 'key' | 'lookup' | 'duplicate-refusing' | 'none';
  readonly log: string;
  readonly seed: number;
  /** Share of requests that fail, from 0 to 1. */
  readonly faults: number;
  /** The longest time between a request and its late commit. */
  readonly lateMs: number;
  readonly perRequest: number;
  /** What happens to the first uploads, in order; `ok` afterwards, or by chance where `faults` is above 0. */
  readonly script?: readonly string[];
  /** References that somebody else declared before. */
  readonly foreign?: readonly string[];
  /** References for which a whole batch is refused. */
  readonly poison?: readonly string[];
  /** So many requests are answered to each token; then it has expired (401). */
  readonly tokenLife?: number;
  /** Which faults there are; all where absent. */
  readonly mix?: readonly string[];
};

type Event = Readonly<Record<string, unknown>>;
type Version = { readonly digest: string; readonly number: number; readonly events: Event[] };
type Line = { readonly ref: string; readonly digest: string };
type Reply = {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
};

const uploadFaults = [
  'reset-before',
  'reset-after',
  'silent',
  'late',
  '500-before',
  '500-after',
  '502-after',
  '429',
  '503',
  '503-after',
  'half',
  'garbage',
  'html',
  'wrong-ids',
  'missing',
  'twice',
  'bom',
  'wrong-length',
  'partial',
  'other-batch',
  '413',
] as const;

const options: FaultOptions = JSON.parse(process.argv[2] ?? '{}');
const mix = options.mix ?? uploadFaults;
const log = openSync(options.log, 'a');
let state = options.seed >>> 0;
/** Mulberry32. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const declarations = new Map<string, Version[]>();
const feed: Event[] = [];
const opened = new Map<string, { readonly key: string; readonly digest: string }>();
const keys = new Map<string, { readonly digest: string; reply: Reply | undefined }>();
let serial = 0;
let faults = options.faults;
/** How many commits are still to come. */
let late = 0;
let script = [...(options.script ?? [])];

function write(entry: Event): void {
  writeSync(log, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  fsyncSync(log);
  see(String(entry['type']));
}

/** Told to whoever started this window, who may kill the program for it. */
function see(what: string): void {
  process.stdout.write(`${what}\n`);
}

function sha(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

function moment(): string {
  return `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 23)}+08:00`;
}

function addEvent(
  line: Line,
  number: number,
  step: { readonly name: string; readonly state: string; readonly mrn?: string },
): Event {
  const event = {
    id: `W${number}-${step.name}`,
    type: `declaration.${step.state}`,
    ref: line.ref,
    occurredAt: moment(),
    authorityCode: step.name,
    text: step.state,
    windowNumber: `W${number}`,
    contentDigest: line.digest,
    problems: [],
    ...(step.mrn === undefined ? {} : { mrn: step.mrn }),
  };
  declarations
    .get(line.ref)
    ?.find((version) => version.number === number)
    ?.events.push(event);
  feed.push(event);
  return event;
}

/** Takes one declaration in: on the disk before anyone is told. */
function accept(line: Line, key: string, foreign = false): Version {
  serial += 1;
  write({ type: 'accepted', ref: line.ref, digest: line.digest, key, number: serial, foreign });
  const version: Version = { digest: line.digest, number: serial, events: [] };
  declarations.set(line.ref, [...(declarations.get(line.ref) ?? []), version]);
  addEvent(line, serial, { name: '0', state: 'received' });
  addEvent(line, serial, {
    name: 'J',
    state: 'accepted',
    mrn: `090020261${String(serial).padStart(9, '0')}`,
  });
  return version;
}

for (const ref of options.foreign ?? [])
  accept({ ref, digest: sha(`foreign ${ref}`) }, 'somebody else', true);

function takeLine(line: Line, key: string): object {
  const known = declarations.get(line.ref)?.at(-1);
  if (options.kind === 'duplicate-refusing' && known !== undefined) {
    const problem = problemOf(409, 'duplicate-reference', {
      instance: `urn:dup:${line.ref}:${line.digest}`,
      occurredAt: moment(),
    });
    return { ref: line.ref, status: 409, problem };
  }
  const { number } = accept(line, key);
  const receipt = {
    id: `W${number}-0`,
    ref: line.ref,
    batchId: '',
    receivedAt: moment(),
    contentDigest: line.digest,
    windowNumber: `W${number}`,
    text: 'received',
  };
  return { ref: line.ref, status: 202, warnings: [], receipt };
}

function problemOf(status: number, type: string, more: object = {}): object {
  return { type: `urn:declarant:problem:${type}`, status, title: type, detail: type, errors: [], ...more };
}

function problem(
  status: number,
  type: string,
  more: object = {},
  headers: Record<string, string> = {},
): Reply {
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify(problemOf(status, type, more)),
    headers,
  };
}

/** The declaration is the very text between the two braces: its digest is taken over what came. */
function linesOf(body: string): readonly Line[] {
  return body
    .trimEnd()
    .split('\n')
    .map((line) => {
      const at = line.indexOf(',"declaration":');
      const { ref } = JSON.parse(`${line.slice(0, at)}}`);
      return { ref, digest: sha(line.slice(at + ',"declaration":'.length, -1)) };
    });
}

function itemsReply(
  lines: readonly Line[],
  batch: string,
  key: string,
): { readonly items: Record<string, unknown>[]; readonly reply: (items: readonly unknown[]) => Reply } {
  const items = lines.map((line) => {
    const item = takeLine(line, key) as Record<string, unknown>;
    const receipt = item['receipt'];
    return receipt === undefined ? item : { ...item, receipt: { ...(receipt as object), batchId: batch } };
  });
  return {
    items,
    reply: (shown) => ({ status: 207, type: 'application/json', body: JSON.stringify({ items: shown }) }),
  };
}

async function upload(request: IncomingMessage, response: ServerResponse, batch: string): Promise<void> {
  const isEarly = script.length > 0 ? script[0] === 'reset-before' : false;
  if (isEarly) {
    script = script.slice(1);
    request.socket.destroy();
    return;
  }
  const body = await bodyOf(request);
  const key = String(request.headers['idempotency-key'] ?? '');
  const lines = linesOf(body);
  write({ type: 'upload', key, body: sha(body), lines });
  const replayed = keys.get(key);
  if (options.kind === 'key' && replayed !== undefined) {
    if (replayed.digest !== sha(body)) return send(response, problem(422, 'key-reused'));
    if (replayed.reply === undefined)
      return send(response, problem(409, 'outstanding', {}, { 'retry-after': '1' }));
  }
  const fault =
    script.length > 0 ? script.shift() : random() < faults ? mix[Math.floor(random() * mix.length)] : 'ok';
  if (fault !== 'ok') write({ type: 'fault', fault });
  if (await refuse(fault ?? 'ok', { request, response, lines })) return undefined;
  if (options.kind === 'key' && replayed?.reply !== undefined)
    return answer(fault ?? 'ok', replayed.reply, response);
  const poisoned = lines.find(({ ref }) => options.poison?.includes(ref));
  if (poisoned !== undefined) return send(response, problem(400, 'malformed', { ref: poisoned.ref }));
  if (options.kind === 'key') keys.set(key, { digest: sha(body), reply: undefined });
  if (fault === 'late') {
    const delay = random() * options.lateMs;
    request.socket.destroy();
    late += 1;
    await new Promise((resolve) => setTimeout(resolve, delay));
    late -= 1;
  }
  const isPartial = fault === 'partial' && lines.length > 1;
  const taken = isPartial ? lines.filter((_, index) => index % 2 === 0) : lines;
  const { items, reply } = itemsReply(taken, batch, key);
  const putOff = isPartial
    ? lines.filter((_, index) => index % 2 === 1).map(({ ref }) => ({ ref, status: 503 }))
    : [];
  const whole = reply([...items, ...putOff]);
  if (options.kind === 'key') keys.set(key, { digest: sha(body), reply: whole });
  const shown: Readonly<Record<string, readonly unknown[]>> = {
    'wrong-ids': items.map((item) => ({ ...item, ref: `X${String(item['ref'])}` })),
    missing: items.slice(1),
    twice: [...items, ...items],
    'other-batch': items.map((item) => ({
      ...item,
      receipt: { ...(item['receipt'] as object), batchId: 'another' },
    })),
  };
  return answer(
    fault ?? 'ok',
    shown[fault ?? ''] === undefined ? whole : reply(shown[fault ?? ''] ?? []),
    response,
  );
}

/** Faults after which nothing is accepted. True where it has answered. */
async function refuse(
  fault: string,
  {
    request,
    response,
    lines,
  }: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly lines: readonly Line[];
  },
): Promise<boolean> {
  const told = (ms: number, value: string): Record<string, string> => {
    write({ type: 'retry-after', ms, key: request.headers['idempotency-key'] });
    return { 'retry-after': value };
  };
  if (fault.startsWith('429=')) {
    const value = fault.slice(4);
    send(
      response,
      problem(
        429,
        'throttled',
        {},
        /^\d+$/u.test(value) ? told(Number(value) * 1000, value) : { 'retry-after': value },
      ),
    );
  } else if (fault === '429-date') {
    send(response, problem(429, 'throttled', {}, told(1000, new Date(Date.now() + 2000).toUTCString())));
  } else if (fault === 'reset-before' || fault === 'cut') request.socket.destroy();
  else if (fault === '500-before') send(response, { status: 500, body: 'oops' });
  else if (fault === '501') send(response, { status: 501, body: 'no' });
  else if (fault === '403') send(response, { status: 403, body: 'firewall' });
  else if (fault === '401') send(response, { status: 401, body: 'sign in' });
  else if (fault === '409-outstanding')
    send(response, problem(409, 'outstanding', {}, { 'retry-after': '1' }));
  else if (fault === '422-key-reused') send(response, problem(422, 'key-reused'));
  else if (fault === '400') send(response, problem(400, 'malformed'));
  else if (fault === 'never') return true;
  else if (fault === '429') send(response, problem(429, 'throttled', {}, told(1000, '1')));
  else if (fault === '503') send(response, problem(503, 'unavailable', {}, told(1000, '1')));
  else if (fault === '413' && lines.length > 1) send(response, problem(413, 'too-large'));
  else return false;
  return true;
}

/** The answer as it is, or what a fault makes of it; all of it is accepted already. */
function answer(fault: string, reply: Reply, response: ServerResponse): void {
  const { socket } = response;
  const head = (length: number): string =>
    `HTTP/1.1 207 Multi-Status\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  const raw = (text: string): void => void socket?.end(text);
  const length = Buffer.byteLength(reply.body);
  const cut = /^cut-(\d+)$/u.exec(fault)?.[1];
  if (fault === 'reset-after' || fault === 'late') socket?.destroy();
  else if (fault === 'silent') return;
  else if (fault === '500-after') send(response, { status: 500, body: 'oops' });
  else if (fault === '502-after')
    send(response, { status: 502, type: 'text/html', body: '<html>bad gateway</html>' });
  else if (fault === '503-after')
    send(response, { status: 503, type: 'text/html', body: '<html>busy</html>' });
  else if (fault === 'redirect')
    send(response, { status: 307, body: '', headers: { location: 'http://127.0.0.1:1/' } });
  else if (fault === 'half') raw(head(length) + reply.body.slice(0, reply.body.length / 2));
  else if (cut !== undefined) raw((head(length) + reply.body).slice(0, Number(cut)));
  else if (fault === 'wrong-length') raw(head(length + 10) + reply.body);
  else if (fault === 'bad-chunk')
    raw('HTTP/1.1 207 X\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n{}');
  else if (fault === 'garbage') send(response, { ...reply, body: reply.body.slice(0, -3) });
  else if (fault === 'html') send(response, { status: 200, type: 'text/html', body: '<html>welcome</html>' });
  else if (fault === 'bom') send(response, { ...reply, body: `\ufeff${reply.body}` });
  else if (fault === 'not-a-number')
    send(response, { ...reply, body: reply.body.replace('"status":202', '"status":NaN') });
  else if (fault === 'same-name')
    send(response, { ...reply, body: reply.body.replace('"status":202', '"status":422,"status":202') });
  else if (fault === 'slow') dribble(response, reply);
  else if (fault === 'bomb') bomb(response);
  else if (fault === 'header-bomb') raw(`HTTP/1.1 207 X\r\n${'a: b\r\n'.repeat(100_000)}\r\n`);
  else if (fault === 'endless-1xx') endless(response);
  else send(response, reply);
}

function dribble(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  let at = 0;
  const timer = setInterval(() => {
    response.write(reply.body.slice(at, (at += 1)));
    if (response.destroyed || at >= reply.body.length) clearInterval(timer);
  }, 50);
}

function bomb(response: ServerResponse): void {
  response.writeHead(207, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(1 << 20, 0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

function endless(response: ServerResponse): void {
  const timer = setInterval(() => {
    if (response.socket?.destroyed !== false) clearInterval(timer);
    else response.socket.write('HTTP/1.1 102 Processing\r\n\r\n');
  }, 5);
}

function send(response: ServerResponse, { status, body, type, headers }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': type ?? 'text/plain', ...headers });
  response.end(body, () => see('answered'));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, { status, type: 'application/json', body: JSON.stringify(value) });
}

async function announce(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const digest = sha(await bodyOf(request));
  const key = String(request.headers['idempotency-key'] ?? '');
  write({ type: 'announced', key });
  if (script.length === 0 && random() < faults / 4) {
    if (random() < 0.5) return void request.socket.destroy();
    return send(response, { status: 500, body: 'oops' });
  }
  const known = [...opened].find(([, batch]) => batch.key === key && batch.digest === digest)?.[0];
  const id = known ?? `b${opened.size + 1}`;
  opened.set(id, { key, digest });
  return json(response, 201, { id, state: 'open' });
}

function ask(response: ServerResponse, ref: string): void {
  const versions = declarations.get(ref);
  write({ type: 'asked', ref });
  if (options.kind === 'none') return send(response, { status: 404, body: 'no such address' });
  if (script.length === 0 && random() < faults / 4) return send(response, { status: 500, body: 'oops' });
  if (versions === undefined) return send(response, problem(404, 'unknown-reference', { ref }));
  return json(response, 200, {
    ref,
    versions: versions.map(({ digest, events }) => ({ contentDigest: digest, history: events })),
  });
}

async function events(response: ServerResponse, query: URLSearchParams): Promise<void> {
  const since = Number(/^e-(\d+)$/u.exec(query.get('cursor') ?? '')?.[1] ?? 0);
  if (feed.length <= since)
    await new Promise((resolve) => setTimeout(resolve, Math.min(200, Number(query.get('wait')))));
  see('events');
  const page = options.kind === 'none' ? [] : feed.slice(since, since + 1000);
  json(response, 200, { events: page, nextCursor: `e-${since + page.length}` });
}

const served = new Map<string, number>();

/** True where it has answered: 401, and nothing was taken. */
async function refuseToken(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const token = request.headers.authorization ?? '';
  const count = (served.get(token) ?? 0) + 1;
  served.set(token, count);
  if (options.tokenLife === undefined || count <= options.tokenLife) return false;
  const body = sha(await bodyOf(request));
  write({ type: 'refused', path: request.url, key: request.headers['idempotency-key'], body });
  send(response, { status: 401, body: 'sign in' });
  return true;
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (await refuseToken(request, response)) return undefined;
  const url = new URL(request.url ?? '/', 'http://window');
  const batch = /^\/v1\/batches\/([^/]+)\/declarations$/u.exec(url.pathname)?.[1];
  const ref = /^\/v1\/declarations\/([^/]+)$/u.exec(url.pathname)?.[1];
  see('request');
  if (url.pathname === '/v1/limits')
    return json(response, 200, { declarationsPerRequest: options.perRequest, bytesPerRequest: 5_242_880 });
  if (url.pathname === '/v1/events') return events(response, url.searchParams);
  if (url.pathname === '/v1/batches') return announce(request, response);
  if (batch !== undefined) return upload(request, response, batch);
  if (ref !== undefined) return ask(response, decodeURIComponent(ref));
  return send(response, { status: 404, body: '' });
}

const server = createServer((request, response) => {
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  route(request, response).catch(() => request.socket.destroy());
});
server.on('clientError', (_, socket) => socket.destroy());
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`listening ${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
/** `mend`: from now on few requests fail. `drain`: answered with `drained` once nothing is to be committed any more. */
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  if (text.includes('mend')) faults = Math.min(faults, 0.05);
  if (!text.includes('drain')) return;
  const timer = setInterval(() => {
    if (late > 0) return;
    clearInterval(timer);
    see('drained');
  }, 10);
});
process.stdin.on('end', () => process.exit());
process.on('SIGTERM', () => {
  closeSync(log);
  server.close();
  server.closeAllConnections();
  process.exitCode = 0;
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`${String(error)}\n`);
});
