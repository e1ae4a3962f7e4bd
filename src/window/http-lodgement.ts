/** The HTTP bulk lodgement protocol (`schemas/declarant/sandbox-window.openapi.json`), from the client's side. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeclarationKey } from '../model/ids.ts';
import { parseDeclaration, parseEvent, parseEvents, parseLimits, parseOpenedBatch } from './http/answers.ts';
import { classify, problemOf, type Failed } from './http/classify.ts';
import { openOrigin, type Access, type Exchange, type Request } from './http/exchange.ts';
import { readItems } from './http/items.ts';
import { openPace } from './http/pace.ts';
import { pacedOrigin } from './http/paced.ts';
import { signedIn } from './http/sign-in.ts';
import { parseStrictJson } from './http/strict-json.ts';
import type { Answer, Batch, Cancellation, Inquiry, SingleWindow, WindowLimits } from './single-window.ts';
import { stopFor, Unanswered } from './unanswered.ts';

export type HttpLodgementOptions = {
  readonly name: string;
  /** Origin and base path, without a slash at the end. */
  readonly address: string;
  /** Total for each request, from connecting to the answer's last byte. 60 s where absent. */
  readonly timeoutMs?: number;
  /** The most requests in any second; as many as come where absent. */
  readonly perSecond?: number;
  readonly access?: Access;
};

const connections = 8;
const eventsAtOnce = 1000;
const maxWaitMs = 30_000;
/** What a line of the upload adds to a declaration's body at most: member names, and a reference of 200 characters. */
const lineOverheadBytes = 900;

/** `limits` stops the run (exit 5) where the window gives none; `events` throws `Unanswered`, and can be asked again; an aborted signal is a timeout. */
export function openHttpLodgement(options: HttpLodgementOptions): SingleWindow {
  const { name, address, timeoutMs = 60_000, perSecond, access = {} } = options;
  const { origin, pathname } = new URL(address);
  const base = pathname.replace(/\/$/u, '');
  const uptimeMs = () => performance.now();
  const sleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => undefined);
  const pace = openPace({ perSecond, uptimeMs, sleep });
  const { signInAgain, ...signed } = signedIn(openOrigin(origin, connections, access), access);
  const http = pacedOrigin(signed, pace, uptimeMs);
  let known: WindowLimits | undefined;

  const call = (request: Omit<Request, 'timeoutMs'>, signal: AbortSignal, waitMs = 0) =>
    http.exchange({ ...request, path: base + request.path, timeoutMs: timeoutMs + waitMs }, signal);

  /** For what may be asked twice and needs no record: after a 401 once more, with a new token. */
  const question: typeof call = async (request, signal, waitMs) => {
    const first = await call(request, signal, waitMs);
    const isRefused = first.kind === 'answer' && first.status === 401;
    return isRefused && (await signInAgain()) ? call(request, signal, waitMs) : first;
  };

  /** The answer's JSON; throws `Unanswered` for anything but a 200 that `parse` believes. */
  const ask = async <Value>(
    path: string,
    parse: (value: unknown) => Value | undefined,
    signal: AbortSignal,
    waitMs = 0,
  ): Promise<Value> => {
    const exchange = await question({ method: 'GET', path }, signal, waitMs);
    const value = believed(exchange, 200, parse);
    if (value !== undefined) return value;
    const cause = exchange.kind === 'failure' ? exchange.error : undefined;
    throw new Unanswered(address, failureOf(exchange, 200).reason, cause);
  };

  const limits = async (signal: AbortSignal): Promise<WindowLimits> => {
    const told = await ask('/v1/limits', parseLimits, signal).catch((error: unknown) => {
      throw stopFor(error);
    });
    const bytes = Math.max(1, told.bytes - told.declarations * lineOverheadBytes);
    known = { declarations: told.declarations, bytes };
    wireBytes = told.bytes;
    return known;
  };
  let wireBytes = Number.POSITIVE_INFINITY;

  const submit = async (batch: Batch, signal: AbortSignal): Promise<readonly Answer[]> => {
    const all = ({ kind, reason }: Failed): readonly Answer[] =>
      batch.lodgements.map(({ key }) => ({ kind, key, reason }));
    const bytes = encodeUpload(batch);
    if (bytes.length > wireBytes || batch.lodgements.length > (known?.declarations ?? Infinity)) {
      return all({ kind: 'not-sent', reason: { cause: 'too-large' } });
    }
    const headers = { 'idempotency-key': batch.id };
    const announced = { type: 'application/json', bytes: announce(batch, bytes) };
    const opening = await call({ method: 'POST', path: '/v1/batches', headers, body: announced }, signal);
    const id = believed(opening, 201, parseOpenedBatch);
    // The announcement carries no declaration: however it failed, none was sent.
    if (id === undefined) return all({ ...failureOf(opening, 201), kind: 'not-sent' });
    const body = { type: 'application/x-ndjson', bytes };
    const path = `/v1/batches/${id}/declarations`;
    const upload = await call({ method: 'POST', path, headers, body }, signal);
    if (upload.kind === 'answer' && upload.status === 207 && upload.type === 'application/json') {
      return readItems(parseStrictJson(upload.text), id, batch.lodgements);
    }
    return all(failureOf(upload, 207));
  };

  const inquireOne = async (key: DeclarationKey, signal: AbortSignal): Promise<Inquiry> => {
    const path = `/v1/declarations/${encodeURIComponent(key.toWellFormed())}`;
    const exchange = await question({ method: 'GET', path }, signal);
    const found = believed(exchange, 200, parseDeclaration);
    if (found?.ref === key) return { kind: 'found', key, receipts: found.receipts, digest: found.digest };
    // Only the window's own word counts as "never arrived": not the 404 of a proxy, or of another reference.
    const problem = exchange.kind === 'answer' && exchange.status === 404 ? problemOf(exchange) : undefined;
    if (problem?.type === 'unknown-reference' && problem.ref === key) return { kind: 'not-found', key };
    const { reason } = failureOf(exchange, 200);
    return {
      kind: 'no-answer',
      key,
      reason: reason.cause === 'refused' ? { ...reason, cause: 'broken-answer' } : reason,
    };
  };

  const cancelOne = async (key: DeclarationKey, signal: AbortSignal): Promise<Cancellation> => {
    const path = `/v1/declarations/${encodeURIComponent(key.toWellFormed())}/cancel`;
    const exchange = await question({ method: 'POST', path }, signal);
    const receipt = believed(exchange, 200, parseEvent);
    if (receipt?.key === key && receipt.state === 'cancelled') return { kind: 'cancelled', key, receipt };
    // Only the window's own word about this very reference is a refusal.
    const problem = exchange.kind === 'answer' ? problemOf(exchange) : undefined;
    const isRefusal = problem?.type === 'not-cancellable' || problem?.type === 'unknown-reference';
    if (isRefusal && problem.ref === key) return { kind: 'refused', key, text: problem.detail };
    return { kind: 'no-answer', key, reason: failureOf(exchange, 200).reason };
  };

  const inquire = (keys: readonly DeclarationKey[], signal: AbortSignal): Promise<readonly Inquiry[]> =>
    each(keys, (key) => inquireOne(key, signal));
  const cancel = (keys: readonly DeclarationKey[], signal: AbortSignal): Promise<readonly Cancellation[]> =>
    each(keys, (key) => cancelOne(key, signal));

  const events: SingleWindow['events'] = (since, waitMs, signal) => {
    const wait = Math.min(Math.max(0, Math.trunc(waitMs)), maxWaitMs);
    const query = new URLSearchParams({ cursor: since, limit: String(eventsAtOnce), wait: String(wait) });
    return ask(`/v1/events?${query.toString()}`, parseEvents, signal, wait);
  };

  return {
    name,
    address,
    limits,
    submit,
    inquire,
    events,
    cancel,
    signInAgain,
    serverNow: http.serverNow,
    close: http.close,
  };
}

/** As many at once as there are connections; the answers in the order of the keys. */
async function each<Told>(
  keys: readonly DeclarationKey[],
  ask: (key: DeclarationKey) => Promise<Told>,
): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (let start = 0; start < keys.length; start += connections) {
    told.push(...(await Promise.all(keys.slice(start, start + connections).map(ask))));
  }
  return told;
}

/** The value of a complete answer with this status, as JSON without repeated names; undefined for anything else. */
function believed<Value>(
  exchange: Exchange,
  status: number,
  parse: (value: unknown) => Value | undefined,
): Value | undefined {
  if (exchange.kind === 'failure' || exchange.status !== status || exchange.type !== 'application/json')
    return undefined;
  return parse(parseStrictJson(exchange.text));
}

/** An answer with the hoped-for status that could not be believed is broken; the rest is classified by what it is. */
function failureOf(exchange: Exchange, hopedFor: number): Failed {
  if (exchange.kind === 'answer' && exchange.status === hopedFor) {
    return { kind: 'cannot-know', reason: { cause: 'broken-answer', status: hopedFor } };
  }
  return classify(exchange);
}

/** One line a declaration, in the batch's order; the body goes out as the very text that was digested. */
function encodeUpload({ lodgements }: Batch): Uint8Array {
  const lines = lodgements.map(({ key, body }) => `{"ref":${JSON.stringify(key)},"declaration":${body}}\n`);
  return Buffer.from(lines.join(''), 'utf8');
}

function announce({ pack, lodgements }: Batch, upload: Uint8Array): Uint8Array {
  const contentDigest = createHash('sha256').update(upload).digest('hex');
  return Buffer.from(JSON.stringify({ profile: pack, expectedCount: lodgements.length, contentDigest }));
}
