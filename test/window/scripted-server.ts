/** A window that answers as a test tells it, for what a well-behaved one never does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export type Script = (asked: {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}) => Scripted;

export type Scripted =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  /** Handles the response itself. */
  | ((response: ServerResponse) => void);

export const json = (status: number, value: unknown, headers = {}): Scripted => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

export const problem = (type: string, status: number, more = {}): Scripted => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: `urn:declarant:problem:${type}`, title: 't', status, detail: 'd', ...more }),
});

export async function serveScript(script: Script) {
  const server = createServer((request, response) => {
    const answer = (body: string) => {
      const { method = '', url = '', headers } = request;
      const scripted = script({ method, path: url, headers, body });
      if (typeof scripted === 'function') return scripted(response);
      return void response.writeHead(scripted.status, scripted.headers).end(scripted.body);
    };
    void text(request).then(answer, () => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const own = server.address();
  return {
    address: `http://127.0.0.1:${typeof own === 'object' && own !== null ? own.port : 0}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
