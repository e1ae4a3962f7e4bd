/** The sandbox window tells every event to an address, signed as Standard Webhooks; and declarant hears what was signed. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Stop } from '../../src/model/stop.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import { parseWebhookUrl } from '../../src/window/sandbox/webhook.ts';
import { parseWebhookSecret, signWebhook, verifyWebhook } from '../../src/window/standard-webhooks.ts';
import { batchOf, marked } from './lodgements.ts';
import { webhookFindings } from './openapi.ts';
import { sandboxOnTrial, type SandboxOnTrial } from './trial.ts';
import { openReceiver, secretText, signatureOf, type Receiver, type Told } from './webhook-receiver.ts';

const never = new AbortController().signal;
const secret = parseWebhookSecret(secretText, 'test');

let trial: SandboxOnTrial | undefined;
afterEach(async () => {
  await trial?.close();
  trial = undefined;
});

async function sandboxTelling({ url }: Receiver) {
  const troubles: string[] = [];
  const onTrouble = ({ code }: Stop): void => void troubles.push(code);
  trial = await sandboxOnTrial(() => [], { webhook: { url, secret, onTrouble, firstPauseMs: 1 } });
  return { sandbox: trial, troubles };
}

/** Lodges some declarations that are accepted and wait for payment, and lets all of it happen. */
async function lodge(sandbox: SandboxOnTrial, ...refs: readonly [string, ...string[]]): Promise<void> {
  const window = openHttpLodgement({ name: 'trial', address: sandbox.sandbox.address });
  const [first, ...rest] = refs;
  await window.submit(
    batchOf(marked(first, 'held-payment'), ...rest.map((ref) => marked(ref, 'held-payment'))),
    never,
  );
  sandbox.advance(60_000);
  await window.close();
}

const codesOf = (told: readonly Told[], ref: string): string =>
  told
    .filter((each) => each.ref === ref)
    .map(({ code }) => code)
    .join('');
const life = '37LJT';

describe('the sandbox window', () => {
  it('tells each event once, those of a declaration in their order, signed and as the contract says', async () => {
    const receiver = await openReceiver();
    const { sandbox, troubles } = await sandboxTelling(receiver);
    await lodge(sandbox, 'A', 'B', 'C');
    await receiver.until((told) => told.length === 3 * life.length);
    for (const ref of ['A', 'B', 'C']) expect(codesOf(receiver.told, ref)).toBe(life);
    expect(new Set(receiver.told.map(({ id }) => id)).size).toBe(receiver.told.length);
    expect(receiver.told.flatMap(webhookFindings)).toEqual([]);
    for (const each of receiver.told)
      expect(each.requestHeaders['webhook-signature']).toBe(signatureOf(each));
    const window = openHttpLodgement({ name: 'trial', address: sandbox.sandbox.address });
    const { receipts } = await window.events('', 0, never);
    await window.close();
    const ids = receiver.told.map(({ requestBody }): string => JSON.parse(requestBody).data.id);
    expect(ids.toSorted()).toEqual(receipts.map(({ id }) => id).toSorted());
    expect(troubles).toEqual([]);
  });

  it.each([
    ['500', { status: 500, body: '' }],
    ['302', { status: 302, headers: { location: '/elsewhere' }, body: '' }],
    ['a connection that breaks', (response: { destroy: () => void }) => response.destroy()],
  ])(
    'tells again what was answered with %s, under the same id; later events wait, other declarations do not',
    async (_, failure) => {
      const failures = new Map([['L', 3]]);
      const receiver = await openReceiver(({ ref, code }) => {
        const left = ref === 'A' ? (failures.get(code) ?? 0) : 0;
        if (left === 0) return undefined;
        failures.set(code, left - 1);
        return failure;
      });
      const { sandbox, troubles } = await sandboxTelling(receiver);
      await lodge(sandbox, 'A', 'B');
      await receiver.until((told) => codesOf(told, 'A').endsWith('T') && codesOf(told, 'B') === life);
      expect(codesOf(receiver.told, 'A')).toBe('37LLLLJT');
      const again = receiver.told.filter(({ ref, code }) => ref === 'A' && code === 'L');
      expect(new Set(again.map(({ id }) => id)).size).toBe(1);
      expect(troubles).toEqual(['window/webhook-failing']);
    },
  );

  it('waits at least as long as it is asked to', async () => {
    let refusedAt = 0;
    let againAt = 0;
    const receiver = await openReceiver((_, index) => {
      if (index === 0) refusedAt = performance.now();
      if (index === 1) againAt = performance.now();
      return index === 0 ? { status: 503, headers: { 'retry-after': '1' }, body: '' } : undefined;
    });
    const { sandbox } = await sandboxTelling(receiver);
    await lodge(sandbox, 'A');
    await receiver.until((told) => told.length === 2);
    expect(againAt - refusedAt).toBeGreaterThanOrEqual(990);
  });

  it('tells nothing more to who answers 410, and lodging goes on', async () => {
    const receiver = await openReceiver(() => ({ status: 410, body: '' }));
    const { sandbox, troubles } = await sandboxTelling(receiver);
    await lodge(sandbox, 'A');
    await receiver.until((told) => told.length === 1);
    await lodge(sandbox, 'B');
    await sandbox.restart();
    expect(troubles[0]).toBe('window/webhook-gone');
    // Each of two servers asked once: whoever starts one with this address wants to know anew.
    await receiver.until((told) => told.length === 2);
    expect(receiver.told.map(({ id }) => id)).toEqual([receiver.told[0]?.id, receiver.told[0]?.id]);
  });

  it('goes on after a restart where it stopped, and nothing is left out', async () => {
    let isAway = false;
    const receiver = await openReceiver(() => (isAway ? { status: 500, body: '' } : undefined));
    const { sandbox } = await sandboxTelling(receiver);
    await lodge(sandbox, 'A');
    await receiver.until((told) => codesOf(told, 'A') === life);
    isAway = true;
    await lodge(sandbox, 'B');
    await receiver.until((told) => told.some(({ ref }) => ref === 'B'));
    await sandbox.restart();
    isAway = false;
    await receiver.until((told) => codesOf(told, 'B').endsWith('T'));
    expect(codesOf(receiver.told, 'A')).toBe(life);
    expect(codesOf(receiver.told, 'B').replace(/^3+/u, '3')).toBe(life);
  });

  it('answers lodging while its receiver keeps silent', async () => {
    const receiver = await openReceiver(() => () => undefined);
    const { sandbox } = await sandboxTelling(receiver);
    await lodge(sandbox, 'A');
    await receiver.until((told) => told.length === 1);
    await lodge(sandbox, 'B');
    expect(receiver.told.every(({ ref }) => ref === 'A')).toBe(true);
  });
});

describe('an address for webhooks', () => {
  it.each(['https://office.example/hooks?x=1', 'http://127.0.0.1:8080/', 'http://localhost/a'])(
    'may be %s',
    (text) => {
      expect(parseWebhookUrl(text).href).toBe(text);
    },
  );
  it.each([
    'http://office.example/',
    'https://user:word@office.example/',
    'ftp://127.0.0.1/',
    'nothing',
    'http://127.0.0.1.example/',
  ])('may not be %s, and is not repeated', (text) => {
    expect(() => parseWebhookUrl(text)).toThrow(
      expect.objectContaining({ code: 'window/webhook-unusable', facts: {} }),
    );
  });
});

describe('a webhook secret', () => {
  const base64 = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
  it.each([24, 25, 26, 64])('may have %i bytes', (bytes) => {
    expect(parseWebhookSecret(`${base64(bytes)}\n`, 'f')).toEqual(Buffer.alloc(bytes, 7));
  });
  it.each([
    base64(23),
    base64(65),
    base64(32).slice(6),
    'whsec_',
    '',
    `${base64(32)} x`,
    'whsec_!!!!',
    `${base64(32).slice(0, -2)}=`,
    base64(32).replace('whsec_', 'whsk_'),
  ])('%j is none, and is not repeated', (text) => {
    expect(() => parseWebhookSecret(text, 'f')).toThrow(
      expect.objectContaining({ code: 'secret/not-a-webhook-secret', facts: { where: 'f' } }),
    );
  });
});

describe('a signature', () => {
  // The example that the libraries of Standard Webhooks are tested with.
  const known = {
    secret: parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'f'),
    payload: '{"test": 2432232314}',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    now: new Date(1_614_265_330_000),
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const headers = signWebhook(known.secret, known);
  const verify = (more: object, { payload = known.payload, seconds = 0, key = known.secret } = {}) =>
    verifyWebhook(
      key,
      { ...headers, ...more },
      {
        payload: Buffer.from(payload),
        now: new Date(known.now.getTime() + seconds * 1000),
      },
    );

  it('is that of other implementations', () => {
    expect(headers['webhook-signature']).toBe(known.signature);
  });
  it.each([
    ['as it came', {}, {}],
    ['five minutes late', {}, { seconds: 300 }],
    ['five minutes early', {}, { seconds: -300 }],
    ['among others', { 'webhook-signature': `v1a,AAAA v1,${'A'.repeat(43)}= ${known.signature}` }, {}],
  ])('is right %s', (_, more, how) => {
    expect(verify(more, how)).toBe(known.id);
  });
  it.each([
    ['of another body', {}, { payload: '{"test": 2432232315}' }],
    ['of another secret', {}, { key: secret }],
    ['of another id', { 'webhook-id': 'msg_2' }, {}],
    ['of another time', { 'webhook-timestamp': '1614265331' }, {}],
    ['that is too old', {}, { seconds: 301 }],
    ['from the future', {}, { seconds: -301 }],
    ['without its name', { 'webhook-signature': known.signature.slice(3) }, {}],
    ['of another kind', { 'webhook-signature': known.signature.replace('v1,', 'v1a,') }, {}],
    ['that is not there', { 'webhook-signature': undefined }, {}],
    ['under a time that is no number', { 'webhook-timestamp': '1614265330.0' }, {}],
    ['under an id with a full stop', { 'webhook-id': 'msg.1' }, {}],
    ['cut short', { 'webhook-signature': known.signature.slice(0, -4) }, {}],
  ])('is wrong %s', (_, more, how) => {
    expect(verify(more, how)).toBeUndefined();
  });
});
