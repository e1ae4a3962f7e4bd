/** `declarant watch` and its token: asked for once, kept over the looks, and asked for again when the window refuses it. */
import { createServer, request, type IncomingMessage } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { putManifest } from './sandbox-place.ts';

vi.setConfig({ testTimeout: 120_000 });

type Gate = {
  readonly address: string;
  /** Undefined: every token is good. */
  valid: string | undefined;
  /** Each look asks for the limits once. Resolves after so many looks with this token from now on. */
  readonly looks: (token: string, times: number) => Promise<void>;
  /** Tokens that were refused, in their order. */
  readonly refused: readonly string[];
};

/** Stands before a real window and takes one token only. */
async function gateBefore(address: string): Promise<Gate> {
  const target = new URL(address);
  const refused: string[] = [];
  let heard: (token: string) => void = () => undefined;
  const pass = async (incoming: IncomingMessage): Promise<IncomingMessage> => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const { method = '', url: path = '', headers } = incoming;
    const onward = request({ hostname: target.hostname, port: target.port, method, path, headers }, resolve);
    onward.on('error', reject);
    await pipeline(incoming, onward);
    return promise;
  };
  const server = createServer((incoming, outgoing) => {
    const token = (incoming.headers.authorization ?? '').replace('Bearer ', '');
    if (gate.valid !== undefined && token !== gate.valid) {
      refused.push(token);
      outgoing.writeHead(401).end();
      return;
    }
    if (incoming.url === '/v1/limits') heard(token);
    void pass(incoming).then(
      (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 0, answer.headers)),
      () => outgoing.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const own = server.address();
  const gate: Gate = {
    address: `http://127.0.0.1:${typeof own === 'object' && own !== null ? own.port : 0}`,
    valid: undefined,
    refused,
    async looks(token, times) {
      const { promise, resolve } = Promise.withResolvers<void>();
      let left = times;
      heard = (each) => {
        if (each !== token) return;
        left -= 1;
        if (left === 0) resolve();
      };
      await promise;
    },
  };
  return gate;
}

/** A ledger with ten declarations that wait, lodged through the gate. */
async function watched(): Promise<{ readonly place: Place; readonly gate: Gate; readonly words: string[] }> {
  const place = await freshPlace();
  await putManifest(join(place.folder, 'm.csv'), 'held-payment');
  const sandbox = place.start(['sandbox', '--store', 'w.db']);
  onTestFinished(() => sandbox.kill('SIGKILL'));
  const gate = await gateBefore((await sandbox.prints('\n')).trim());
  const lodging = ['--window', gate.address, '--ledger', 'l.db', '--quiet'];
  const { code } = await declarant(place, ['import', 'm.csv', '--yes', '--wait', '0', ...lodging]);
  expect(code).toBe(0);
  return { place, gate, words: ['watch', '--every', '1', ...lodging] };
}

describe('declarant watch', () => {
  it('runs the token command once over several looks, and again after the window refused the token', async () => {
    const { place, gate, words } = await watched();
    await writeFile(join(place.folder, 'count'), '0');
    await writeFile(
      join(place.folder, 'sign-in.mjs'),
      `import { readFileSync, writeFileSync } from 'node:fs';
       const count = Number(readFileSync('count', 'utf8')) + 1;
       writeFileSync('count', String(count));
       console.log('token-' + count);`,
    );
    const count = (): Promise<string> => readFile(join(place.folder, 'count'), 'utf8');
    gate.valid = 'token-1';
    const command = `"${process.execPath}" sign-in.mjs`;
    const first = gate.looks('token-1', 3);
    const watch = place.start([...words, '--token-command', command]);
    await first;
    expect(await count()).toBe('1');
    expect(gate.refused).toEqual([]);
    const second = gate.looks('token-2', 3);
    gate.valid = 'token-2';
    await second;
    expect(await count()).toBe('2');
    expect(new Set(gate.refused)).toEqual(new Set(['token-1']));
    watch.kill('SIGTERM');
    await watch.finished;
  });

  it('keeps a token that came on standard input, which can be read only once', async () => {
    const { place, gate, words } = await watched();
    gate.valid = 'typed';
    const seen = gate.looks('typed', 3);
    const watch = place.start([...words, '--token-file', '-']);
    watch.stdin('typed\n');
    await seen;
    expect(gate.refused).toEqual([]);
    watch.kill('SIGTERM');
    await watch.finished;
  });

  it('ends with 6 where the command only has what the window refuses', async () => {
    const { place, gate, words } = await watched();
    gate.valid = 'another';
    const command = `"${process.execPath}" -p "'old'"`;
    const { code, stderr } = await declarant(place, [...words, '--token-command', command]);
    expect(code).toBe(6);
    expect(stderr).toContain('window/sign-in-refused');
  });
});
