/** A window between client and sandbox that writes down every exchange, so that both sides can be held to the contract. */
import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http';
import type { Recorded } from './openapi.ts';

export type RecordingProxy = {
  readonly address: string;
  readonly recorded: Recorded[];
  readonly close: () => Promise<void>;
};

async function bodyOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

export async function recordBetween(target: string): Promise<RecordingProxy> {
  const recorded: Recorded[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then((body) => {
      const { method = '', url = '', headers } = incoming;
      const onward = forward({ hostname, port, method, path: url, headers }, (answer) => {
        void bodyOf(answer).then((answered) => {
          recorded.push({
            method,
            target: url,
            requestHeaders: flat(headers),
            requestBody: body.toString('utf8'),
            status: answer.statusCode ?? 0,
            responseHeaders: flat(answer.headers),
            responseBody: answered.toString('utf8'),
          });
          outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
          outgoing.end(answered);
        });
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: `http://127.0.0.1:${own}`,
    recorded,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
