/** One bounded HTTP request to one origin; the only file that knows undici. */
import { Readable } from 'node:stream';
import { Pool } from 'undici';
import { decodeUtf8 } from '../json.ts';

export type Request = {
  readonly method: 'GET' | 'POST';
  /** With the query, from the origin's root. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
  readonly timeoutMs: number;
};

/** `hasBegun` tells whether a byte of the body may have gone out: without one nothing can have been processed. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower case, without parameters. */
      readonly type: string;
      readonly retryAfterMs: number | undefined;
      readonly text: string;
    }
  | {
      readonly kind: 'failure';
      readonly cause: 'unreachable' | 'timeout' | 'broken-answer';
      readonly hasBegun: boolean;
      /** Only where the head of the answer came. */
      readonly status?: number;
      readonly error: unknown;
    };

export type Origin = {
  readonly exchange: (request: Request, signal: AbortSignal) => Promise<Exchange>;
  readonly close: () => Promise<void>;
};

const maxAnswerBytes = 16 * 1024 * 1024;

/** Follows no redirect, uses no proxy, and takes at most 16 MiB and no encoded content. `exchange` never throws. */
export function openOrigin(origin: string, connections: number): Origin {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: 10_000 },
    maxHeaderSize: 64 * 1024,
    maxResponseSize: maxAnswerBytes,
    // The deadline of each request is total: see below.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const exchange = async (request: Request, signal: AbortSignal): Promise<Exchange> => {
    const sent = { hasBegun: false };
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const either = AbortSignal.any([signal, deadline]);
    let status: number | undefined;
    try {
      const response = await pool.request({
        method: request.method,
        path: request.path,
        headers: headersOf(request),
        body:
          request.body === undefined
            ? null
            : Readable.from(outgoing(request.body.bytes, sent), { objectMode: false }),
        signal: either,
      });
      status = response.statusCode;
      const bytes = new Uint8Array(await response.body.arrayBuffer());
      const head = response.headers;
      const text = head['content-encoding'] === undefined ? decodeUtf8(bytes) : undefined;
      if (text === undefined) {
        return { kind: 'failure', cause: 'broken-answer', hasBegun: sent.hasBegun, status, error: undefined };
      }
      const type = one(head['content-type'])?.split(';')[0]?.trim().toLowerCase() ?? '';
      const retryAfterMs = waitOf(one(head['retry-after']), one(head['date']));
      return { kind: 'answer', status, type, retryAfterMs, text };
    } catch (error) {
      const cause = either.aborted ? 'timeout' : status === undefined ? 'unreachable' : 'broken-answer';
      const seen = status === undefined ? {} : { status };
      return { kind: 'failure', cause, hasBegun: sent.hasBegun, ...seen, error };
    }
  };
  return { exchange, close: () => pool.destroy() };
}

function headersOf({ headers, body }: Request): Record<string, string> {
  const about =
    body === undefined ? {} : { 'content-type': body.type, 'content-length': String(body.bytes.length) };
  return { accept: 'application/json, application/problem+json', ...about, ...headers };
}

/** Pulled only once a connection stands and the request's head is on its way. */
async function* outgoing(bytes: Uint8Array, sent: { hasBegun: boolean }): AsyncGenerator<Uint8Array> {
  sent.hasBegun = true;
  yield bytes;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}

/** Retry-After in seconds, or as an HTTP date against the server's own clock. Undefined where it is neither. */
function waitOf(retryAfter: string | undefined, date: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,12}$/u.test(retryAfter)) return Number(retryAfter) * 1000;
  const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;
  if (!httpDate.test(retryAfter) || date === undefined || !httpDate.test(date)) return undefined;
  const waitMs = Date.parse(retryAfter) - Date.parse(date);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
