/** One bounded HTTP request to one origin; the only file that knows undici. */
import { Readable } from 'node:stream';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
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
  /** The origin of a proxy that opens tunnels (CONNECT) to the window; it sees neither requests nor token. */
  readonly proxy?: string;
};

export type Origin = {
  readonly exchange: (request: Request, signal: AbortSignal) => Promise<Exchange>;
  readonly close: () => Promise<void>;
};

const maxAnswerBytes = 16 * 1024 * 1024;
/** To connect, and for a proxy to open a tunnel. */
const connectMs = 10_000;

/** TLS 1.2 or later, always verified end to end, whatever the environment says. Follows no redirect, uses no proxy but the one given, and takes at most 16 MiB and no encoded content. `exchange` never throws. */
export function openOrigin(
  origin: string,
  connections: number,
  access: Pick<Access, 'ca' | 'client' | 'proxy'> = {},
): Origin {
  const pool = openPool(origin, connections, access);
  const exchange = async (request: Request, signal: AbortSignal): Promise<Exchange> => {
    const sent = { hasBegun: false };
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const either = AbortSignal.any([signal, deadline]);
    let status: number | undefined;
    try {
      const answering = pool.request({
        origin,
        method: request.method,
        path: request.path,
        headers: headersOf(request),
        body:
          request.body === undefined
            ? null
            : Readable.from(outgoing(request.body.bytes, sent), { objectMode: false }),
        signal: either,
      });
      // undici looks at the signal only once a connection stands.
      const response = await Promise.race([answering, endOf(either)]);
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

function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new Error('the deadline is over', { cause: signal.reason }));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function openPool(
  origin: string,
  connections: number,
  { ca, client, proxy }: Pick<Access, 'ca' | 'client' | 'proxy'>,
): Dispatcher {
  const verified = { timeout: connectMs, rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
  const connect = {
    ...verified,
    ...(ca === undefined ? {} : { ca }),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
  };
  const options = {
    connections,
    pipelining: 1,
    maxHeaderSize: 64 * 1024,
    maxResponseSize: maxAnswerBytes,
    // The deadline of each request is total: see above.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (proxy === undefined) return new Pool(origin, { ...options, connect });
  return new ProxyAgent({
    ...options,
    uri: proxy,
    proxyTunnel: true,
    requestTls: connect,
    proxyTls: verified,
    clientFactory: (address, more) => new Pool(address, { ...more, headersTimeout: connectMs }),
  });
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
