/** A proxy on this machine that opens tunnels, and remembers what it was asked and what went through it. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

export type ConnectProxy = {
  readonly address: string;
  /** `host:port` of every tunnel that was asked for. */
  readonly asked: readonly string[];
  /** All that it saw: the heads, and the bytes that went to the window. */
  readonly seen: () => string;
};

/** `refusal`: the status that it answers with instead; 0: it hangs up; -1: it never answers. `to`: where every tunnel really leads. */
export async function startProxy({
  refusal,
  to,
}: { refusal?: number; to?: number } = {}): Promise<ConnectProxy> {
  const asked: string[] = [];
  const seen: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer((_, response) => void response.writeHead(400).end());
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', ({ url = '', headers }, socket: Duplex) => {
    asked.push(url);
    seen.push(JSON.stringify(headers));
    socket.on('error', () => undefined);
    if (refusal === 0) return void socket.destroy();
    if (refusal === -1) return undefined;
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
    const window = connect(to ?? Number(url.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.on('data', (bytes: Buffer) => seen.push(bytes.toString('latin1')));
      socket.pipe(window).pipe(socket);
    });
    window.on('error', () => socket.destroy());
    socket.on('close', () => window.destroy());
    open.add(window);
    return undefined;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const own = server.address();
  const port = typeof own === 'object' && own !== null ? own.port : 0;
  return { address: `http://127.0.0.1:${port}`, asked, seen: () => seen.join('\n') };
}
