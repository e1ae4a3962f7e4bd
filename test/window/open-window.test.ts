/** A name or an address becomes an open window, or a stop that says why not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exitCode } from '../../src/model/stop.ts';
import { openWindow } from '../../src/window/index.ts';
import { batchOf, lodgement } from './lodgements.ts';
import { json, serveScript } from './scripted-server.ts';

const never = new AbortController().signal;

it('opens the sandbox inside the process, under an address that stays the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-open-'));
  const sandbox = { store: join(folder, 's.db'), check: () => [] };
  const first = await openWindow({ window: 'sandbox', sandbox });
  const [answer] = await first.submit(batchOf(lodgement('A')), never);
  expect(answer?.kind).toBe('answered');
  await first.close();
  const second = await openWindow({ window: 'sandbox', sandbox });
  expect([second.name, second.address]).toEqual([first.name, first.address]);
  expect((await second.inquire([lodgement('A').key], never))[0]?.kind).toBe('found');
  await second.close();
  rmSync(folder, { recursive: true });
});

it('asks a window below the path of its address', async () => {
  const limits = json(200, { declarationsPerRequest: 5, bytesPerRequest: 100_000 });
  const server = await serveScript(({ path }) => (path === '/gate/api/v1/limits' ? limits : json(404, {})));
  const window = await openWindow({ window: `${server.address}/gate/api/` });
  expect(window.address).toBe(`${server.address}/gate/api`);
  expect((await window.limits(never)).declarations).toBe(5);
  await window.close();
  await server.close();
});

it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://window.example'])(
  'takes the address %s',
  async (window) => {
    const opened = await openWindow({ window });
    await opened.close();
    expect(opened.address).toBe(window);
  },
);

it.each([
  ['window/not-encrypted', 'http://window.example'],
  ['window/not-encrypted', 'http://10.0.0.1:8080'],
  ['window/not-encrypted', 'http://127.0.0.1.example'],
  ['window/address-unusable', 'https://user:secret@window.example'],
  ['window/address-unusable', 'https://window.example?x=1'],
  ['window/address-unusable', 'https://'],
  ['window/unknown', 'sandbx'],
  ['window/unknown', ''],
  ['window/unknown', 'ftp://window.example'],
  ['window/unknown', 'constructor'],
  ['window/unknown', 'http:'],
])('stops with %s for %s, and repeats no secret', async (code, window) => {
  const stop: unknown = await openWindow({ window }).catch((error: unknown) => error);
  expect(stop).toMatchObject({ code, exit: exitCode.usage });
  expect(JSON.stringify(stop)).not.toContain('secret');
});
