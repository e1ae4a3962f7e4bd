/** A proxy between client and sandbox that writes down every exchange, so that both sides can be held to the contract. */
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Recorded } from './openapi.ts';

export type RecordingProxy = {
  readonly address: string;
  readonly recorded: readonly Recorded[];
  readonly close: () => Promise<void>;
};

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function passOn(target: URL, incoming: IncomingMessage) {
  const { method = '', url = '', headers } = incoming;
  const body = await buffer(incoming);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const onward = request(
      { hostname: target.hostname, port: target.port, method, path: url, headers },
      resolve,
    );
    onward.on('error', reject);
    onward.end(body);
  });
  const answered = await buffer(answer);
  const recorded: Recorded = {
    method,
    target: url,
    requestHeaders: flat(headers),
    requestBody: body.toString('utf8'),
    status: answer.statusCode ?? 0,
    responseHeaders: flat(answer.headers),
    responseBody: answered.toString('utf8'),
  };
  return { recorded, headers: answer.headers, answered };
}

export async function recordBetween(address: string): Promise<RecordingProxy> {
  const all: Recorded[] = [];
  const server = createServer((incoming, outgoing) => {
    const give = ({ recorded, headers, answered }: Awaited<ReturnType<typeof passOn>>) => {
      all.push(recorded);
      return outgoing.writeHead(recorded.status, headers).end(answered);
    };
    void passOn(new URL(address), incoming).then(give, () => outgoing.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const own = server.address();
  return {
    address: `http://127.0.0.1:${typeof own === 'object' && own !== null ? own.port : 0}`,
    recorded: all,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
