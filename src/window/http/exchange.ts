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
      /** The server's own clock, in ms since 1970. */
      readonly dateMs: number | undefined;
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

/** What the one origin is reached with; never sent or shown to anyone else. */
export type Access = {
  /** Visible ASCII; goes out as `Authorization: Bearer` with every request. */
  readonly token?: string;
  /** The token from where it came from, asked again because the window refused `refused`; undefined: nothing new there. Throws `Stop`. Absent where nothing can be asked twice. */
  readonly tokenAgain?: (refused: string) => Promise<string | undefined>;
  /** PEM. Where it is given, nothing else is trusted. */
  readonly ca?: string;
  /** PEM, both. */
  readonly client?: { readonly certificate: string; readonly key: string };
};

export type Origin = {
  readonly exchange: (request: Request, signal: AbortSignal) => Promise<Exchange>;
  readonly close: () => Promise<void>;
};

const maxAnswerBytes = 16 * 1024 * 1024;

/** TLS 1.2 or later, always verified, whatever the environment says. Follows no redirect, uses no proxy, and takes at most 16 MiB and no encoded content. `exchange` never throws. */
export function openOrigin(
  origin: string,
  connections: number,
  access: Pick<Access, 'ca' | 'client'> = {},
): Origin {
  const { ca, client } = access;
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: {
      timeout: 10_000,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    },
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
      const date = one(head['date']);
      const retryAfterMs = waitOf(one(head['retry-after']), date);
      return { kind: 'answer', status, type, retryAfterMs, dateMs: dateOf(date), text };
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
  const untilMs = dateOf(retryAfter);
  const nowMs = dateOf(date);
  return untilMs === undefined || nowMs === undefined ? undefined : Math.max(0, untilMs - nowMs);
}

/** An IMF-fixdate of RFC 9110, the only form that is still sent. */
function dateOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u.test(text))
    return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
