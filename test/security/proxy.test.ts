/** A proxy stands before the window only where the configuration says so; it sees neither token nor declarations, and nobody behind it passes for the window. */
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import type { Access } from '../../src/window/index.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { putManifest } from '../commands/sandbox-place.ts';
import { batchOf, lodgement } from '../window/lodgements.ts';
import { startProxy } from './connect-proxy.ts';
import { hasOpenssl, type Identity, makeCa } from './local-ca.ts';

const never = new AbortController().signal;
const canary = 'kanarie-2b91';
if (!hasOpenssl) process.stderr.write('skipped: no openssl here to make certificates with\n');

type Window = { readonly port: number; readonly requests: string[] };

/** A window behind TLS that gives limits, opens batches, and breaks every upload off. */
async function serve(identity: Identity): Promise<Window> {
  const requests: string[] = [];
  const server: Server = createServer(identity, (request, response) => {
    requests.push(
      `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`.trim(),
    );
    const json = (status: number, body: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    };
    void text(request).then(
      () => {
        if (request.url === '/v1/batches') return json(201, '{"id":"b1","state":"open"}');
        if (request.url?.endsWith('/declarations') === true) return void response.destroy();
        return json(200, '{"declarationsPerRequest":5,"bytesPerRequest":100000}');
      },
      () => response.destroy(),
    );
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const own = server.address();
  return { requests, port: typeof own === 'object' && own !== null ? own.port : 0 };
}

async function withWindow<Told>(
  port: number,
  access: Access,
  ask: (window: ReturnType<typeof openHttpLodgement>) => Promise<Told>,
  timeoutMs = 10_000,
): Promise<unknown> {
  const window = openHttpLodgement({ name: 'w', address: `https://127.0.0.1:${port}`, access, timeoutMs });
  const told: unknown = await ask(window).catch((error: unknown) => error);
  await window.close();
  return told;
}

describe.skipIf(!hasOpenssl)('a window behind a proxy', () => {
  const made = hasOpenssl ? makeCa() : undefined;
  afterAll(() => made && rmSync(made.folder, { recursive: true }));
  const authority = () => {
    if (made === undefined) throw new Error('no authority');
    return made;
  };

  it('is reached through a tunnel, and the proxy sees its name and nothing else', async () => {
    const { port, requests } = await serve(authority().identity('good'));
    const proxy = await startProxy();
    const access = { ca: authority().ca, token: canary, proxy: proxy.address };
    expect(await withWindow(port, access, (window) => window.limits(never))).toMatchObject({
      declarations: 5,
    });
    expect(requests).toEqual([`GET /v1/limits Bearer ${canary}`]);
    expect(proxy.asked).toEqual([`127.0.0.1:${port}`]);
    expect(proxy.seen()).not.toContain(canary);
    expect(proxy.seen()).not.toContain('/v1/limits');
  });

  it('is verified end to end: a proxy that leads elsewhere is not trusted, and gets nothing', async () => {
    const { port } = await serve(authority().identity('real'));
    const other = makeCa();
    onTestFinished(() => rmSync(other.folder, { recursive: true }));
    const impostor = await serve(other.identity('impostor'));
    const proxy = await startProxy({ to: impostor.port });
    const access = { ca: authority().ca, token: canary, proxy: proxy.address };
    const stop = await withWindow(port, access, (window) => window.limits(never));
    expect(stop).toMatchObject({ code: 'window/not-trusted', exit: 2 });
    expect(impostor.requests).toEqual([]);
  });

  it.each([
    ['forbids it', 403, 'unreachable'],
    ['asks for a sign-in', 407, 'unreachable'],
    ['redirects', 302, 'unreachable'],
    ['hangs up', 0, 'unreachable'],
    ['never answers', -1, 'timeout'],
    // The deadline holds while the tunnel is opened, too: without it this would take ten seconds.
  ])(
    'is not reached where the proxy %s: certainly not sent',
    { timeout: 8_000 },
    async (_, refusal, cause) => {
      const { port, requests } = await serve(authority().identity('unreached'));
      const proxy = await startProxy({ refusal });
      const access = { ca: authority().ca, proxy: proxy.address };
      const batch = batchOf(lodgement('A'));
      const told = await withWindow(port, access, (window) => window.submit(batch, never), 700);
      expect(told).toEqual([{ kind: 'not-sent', key: 'A', reason: { cause } }]);
      expect([proxy.asked.length >= 1, requests]).toEqual([true, []]);
    },
  );

  it('is not reached where no proxy is there: certainly not sent', async () => {
    const { port } = await serve(authority().identity('alone'));
    const access = { ca: authority().ca, proxy: 'http://127.0.0.1:1' };
    const told = await withWindow(port, access, (window) => window.submit(batchOf(lodgement('A')), never));
    expect(told).toEqual([{ kind: 'not-sent', key: 'A', reason: { cause: 'unreachable' } }]);
  });

  it('that breaks off in the middle leaves the batch in doubt, as without a proxy', async () => {
    const { port, requests } = await serve(authority().identity('breaks'));
    const proxy = await startProxy();
    const access = { ca: authority().ca, proxy: proxy.address };
    const told = await withWindow(port, access, (window) => window.submit(batchOf(lodgement('A')), never));
    expect(told).toMatchObject([{ kind: 'cannot-know', key: 'A' }]);
    expect(requests).toEqual(['POST /v1/batches', 'POST /v1/batches/b1/declarations']);
  });

  it('is shown when a run begins and before anybody agrees, and the variables of others are not read', async () => {
    const { port } = await serve(authority().identity('cli'));
    const [proxy, other] = [await startProxy(), await startProxy()];
    const place = await freshPlace();
    await putManifest(join(place.folder, 'm.csv'));
    const office = { address: `https://127.0.0.1:${port}`, proxy: proxy.address, caFile: authority().caFile };
    await writeFile(join(place.folder, 'c.json'), JSON.stringify({ window: 'office', windows: { office } }));
    const words = ['import', 'm.csv', '--config', 'c.json', '--wait', '0'];
    const variables = { HTTPS_PROXY: other.address, https_proxy: other.address, ALL_PROXY: other.address };
    const env = { ...variables, NODE_USE_ENV_PROXY: '1' };
    const refused = await declarant(place, words, env);
    expect(refused.stderr).toContain(`through the proxy ${proxy.address}`);
    expect(refused.stderr).toContain('usage/needs-yes');
    expect(refused.stderr.split(proxy.address).length).toBeGreaterThan(2);
    await declarant(place, [...words, '--yes'], env);
    expect(proxy.asked).toContain(`127.0.0.1:${port}`);
    expect(other.asked).toEqual([]);
    const { stdout } = await declarant(place, ['config', '--config', 'c.json']);
    expect(stdout).toContain(proxy.address);
  });
});

describe('a proxy in the configuration', () => {
  const address = 'https://window.invalid';
  let place: Place;
  beforeEach(async () => {
    place = await freshPlace();
  });
  const told = async (office: object, words: readonly string[] = []) => {
    await writeFile(join(place.folder, 'declarant.config.json'), JSON.stringify({ windows: { office } }));
    return declarant(place, ['config', ...words]);
  };

  it.each([
    ['with a password in it', { address, proxy: `http://user:${canary}@proxy.invalid:3128` }],
    ['with a path', { address, proxy: `http://proxy.invalid/${canary}` }],
    ['that is no address', { address, proxy: `socks5://${canary}` }],
    ['before a window without TLS', { address: 'http://127.0.0.1:1', proxy: `http://${canary}.invalid` }],
    ['before an import client', { protocol: 'cn-client', root: 'r', proxy: `http://${canary}.invalid` }],
  ])('%s is refused, and not repeated', async (_, office) => {
    const { code, stdout, stderr } = await told(office);
    expect(code).toBe(2);
    expect(stderr).toContain('config/proxy-unusable');
    expect(stdout + stderr).not.toContain(canary);
  });

  it('that merely lies in the current folder gets no secret to pass on', async () => {
    await putManifest(join(place.folder, 'm.csv'));
    await writeFile(join(place.folder, 'token'), canary, { mode: 0o600 });
    await told({ address, proxy: 'http://127.0.0.1:1' });
    const words = ['import', 'm.csv', '--yes', '--window', 'office', '--token-file', 'token'];
    const { code, stderr } = await declarant(place, words);
    expect([code, stderr.includes('secret/found-address')]).toEqual([2, true]);
  });
});
