/** Who may pose as the window: nobody but the one whose certificate an authority of ours signed for this very address. */
import { rmSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import type { Access } from '../../src/window/index.ts';
import { hasOpenssl, makeCa, type LocalCa } from './local-ca.ts';

const never = new AbortController().signal;
if (!hasOpenssl) process.stderr.write('skipped: no openssl here to make certificates with\n');

type Seen = { readonly requests: (string | undefined)[] };

async function serve(options: ServerOptions): Promise<Seen & { readonly port: number }> {
  const requests: (string | undefined)[] = [];
  const server = createServer(options, (request, response) => {
    requests.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"declarationsPerRequest":5,"bytesPerRequest":100000}');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const own = server.address();
  return { requests, port: typeof own === 'object' && own !== null ? own.port : 0 };
}

async function limits(port: number, access: Access, host = '127.0.0.1'): Promise<unknown> {
  const window = openHttpLodgement({ name: 'w', address: `https://${host}:${port}`, access });
  const told: unknown = await window.limits(never).catch((error: unknown) => error);
  await window.close();
  return told;
}

describe.skipIf(!hasOpenssl)('TLS', () => {
  const made = hasOpenssl ? makeCa() : undefined;
  afterAll(() => made && rmSync(made.folder, { recursive: true }));
  const ca = (): LocalCa => {
    if (made === undefined) throw new Error('no authority');
    return made;
  };

  it('trusts the authority that --ca-file names, and sends the token as Bearer', async () => {
    const { port, requests } = await serve(ca().identity('good'));
    expect(await limits(port, { ca: ca().ca, token: 'kanarie-1' })).toMatchObject({ declarations: 5 });
    expect(requests).toEqual(['Bearer kanarie-1']);
  });

  it('trusts no authority that nobody named, and sends nothing', async () => {
    const { port, requests } = await serve(ca().identity('unknown-authority'));
    const stop = await limits(port, { token: 'kanarie-1' });
    expect(stop).toMatchObject({ code: 'window/not-trusted', exit: 2 });
    expect(requests).toEqual([]);
  });

  it.each([
    ['expired', { days: -1 }, 'CERT_HAS_EXPIRED'],
    ['for another host', { san: 'DNS:window.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('refuses a certificate that is %s', async (name, options, reason) => {
    const { port, requests } = await serve(ca().identity(name.replaceAll(' ', '-'), options));
    const stop = await limits(port, { ca: ca().ca, token: 'kanarie-1' });
    expect(stop).toMatchObject({ code: 'window/not-trusted', facts: { reason } });
    expect(requests).toEqual([]);
  });

  it('refuses it also where the environment says that anything goes', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    });
    const { port, requests } = await serve(ca().identity('blind'));
    expect(await limits(port, { token: 'kanarie-1' })).toMatchObject({ code: 'window/not-trusted' });
    expect(requests).toEqual([]);
  });

  it('speaks TLS 1.2 at least', async () => {
    const { port, requests } = await serve({
      ...ca().identity('old'),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await limits(port, { ca: ca().ca })).toMatchObject({ code: 'window/not-trusted' });
    expect(requests).toEqual([]);
  });

  it('shows a client certificate where the window asks for one', async () => {
    const { port } = await serve({
      ...ca().identity('asks'),
      ca: ca().ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const { cert, key } = ca().identity('client');
    const client = { certificate: cert, key };
    expect(await limits(port, { ca: ca().ca, client })).toMatchObject({ declarations: 5 });
    expect(await limits(port, { ca: ca().ca })).toMatchObject({ name: 'Stop' });
  });
});
