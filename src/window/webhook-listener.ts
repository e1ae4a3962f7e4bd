/** Hears Standard Webhooks on this machine. What they say is not believed: a right signature only means that it is time to look. */
import { createServer, type IncomingMessage } from 'node:http';
import { exitCode, Stop } from '../model/stop.ts';
import { toleranceMs, verifyWebhook } from './standard-webhooks.ts';

export type ListenerOptions = {
  readonly port: number;
  readonly secret: Buffer;
  readonly now: () => Date;
  /** Once for each message, however often it comes. */
  readonly onMessage: () => void;
};

export type WebhookListener = { readonly address: string; readonly close: () => Promise<void> };

const mostBytes = 256 * 1024;
const mostRemembered = 10_000;
const requestMs = 15_000;

/** Throws `Stop` (exit 2) where the port is taken. */
export async function listenForWebhooks(options: ListenerOptions): Promise<WebhookListener> {
  const isNew = openMemory();
  const limits = { maxHeaderSize: 16 * 1024, requestTimeout: requestMs, headersTimeout: requestMs };
  const server = createServer(limits, (request, response) => {
    const answer = (status: number): void => {
      response.writeHead(status, request.complete ? {} : { connection: 'close' }).end();
      request.resume();
    };
    void answerTo(request, options, isNew).then(answer, () => response.destroy());
  });
  server.on('clientError', (_, socket) => socket.destroy());
  server.maxConnections = 64;
  const { port } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Stop('window/port-unusable', exitCode.usage, { facts: { port }, cause }));
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  const own = server.address();
  return {
    address: `http://127.0.0.1:${typeof own === 'object' && own !== null ? own.port : port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(
  request: IncomingMessage,
  { secret, now, onMessage }: ListenerOptions,
  isNew: (id: string, nowMs: number) => boolean,
): Promise<number> {
  if (request.method !== 'POST') return 405;
  const payload = await bodyOf(request);
  if (payload === undefined) return 413;
  const id = verifyWebhook(secret, request.headers, { payload, now: now() });
  if (id === undefined) return 401;
  if (isNew(id, now().getTime())) onMessage();
  return 204;
}

/** Undefined where it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a body chunk that is no buffer');
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Ids of messages that were signed rightly, for as long as one of them could be sent again. */
function openMemory(): (id: string, nowMs: number) => boolean {
  const known = new Map<string, number>();
  return (id, nowMs) => {
    for (const [old, atMs] of known) {
      if (known.size < mostRemembered && nowMs - atMs <= 2 * toleranceMs) break;
      known.delete(old);
    }
    if (known.has(id)) return false;
    known.set(id, nowMs);
    return true;
  };
}
