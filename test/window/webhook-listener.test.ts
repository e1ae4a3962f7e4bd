/** The listener wakes for what was signed by who knows the secret, once for each message, and for nothing else. */
import { expect, it, onTestFinished } from 'vitest';
import { parseWebhookSecret, signWebhook } from '../../src/window/standard-webhooks.ts';
import { listenForWebhooks } from '../../src/window/webhook-listener.ts';
import { secretText } from './webhook-receiver.ts';

const secret = parseWebhookSecret(secretText, 'test');
const start = Date.UTC(2026, 2, 2, 1);

async function listening() {
  let [messages, nowMs] = [0, start];
  const listener = await listenForWebhooks({
    port: 0,
    secret,
    now: () => new Date(nowMs),
    onMessage: () => void (messages += 1),
  });
  onTestFinished(listener.close);
  return {
    address: listener.address,
    messages: () => messages,
    passTime: (ms: number) => void (nowMs += ms),
    send: async (payload: string, headers: object, method = 'POST') => {
      const body = method === 'POST' ? { body: payload } : {};
      const answer = await fetch(listener.address, { method, headers: { ...headers }, ...body });
      return answer.status;
    },
  };
}

const signed = (id: string, payload = '{}', ms = start) =>
  signWebhook(secret, { id, payload, now: new Date(ms) });

it('wakes once for a message, however often it comes', async () => {
  const { send, messages } = await listening();
  expect(await send('{}', signed('msg_1'))).toBe(204);
  expect(await send('{}', signed('msg_1'))).toBe(204);
  expect(messages()).toBe(1);
  expect(await send('{}', signed('msg_2'))).toBe(204);
  expect(messages()).toBe(2);
});

it.each([
  ['without a signature', '{}', {}, 401],
  ['of another body', '{"a":1}', signed('msg_1'), 401],
  ['caught ten minutes ago and sent again', '{}', signed('msg_1', '{}', start - 600_000), 401],
  ['larger than any event', ' '.repeat(300_000), signed('msg_1'), 413],
])('does not wake for one %s', async (_, payload, headers, status) => {
  const { send, messages } = await listening();
  expect([await send(payload, headers), messages()]).toEqual([status, 0]);
});

it('takes nothing but POST', async () => {
  const { send, messages } = await listening();
  expect([await send('', signed('msg_1'), 'GET'), messages()]).toEqual([405, 0]);
});

it('remembers a message for as long as it could be sent again', async () => {
  const { send, messages, passTime } = await listening();
  const early = signed('msg_1', '{}', start + 290_000);
  await send('{}', early);
  for (let index = 0; index < 20; index += 1) await send('{}', signed(`msg_x${index}`));
  passTime(580_000);
  expect(await send('{}', early)).toBe(204);
  expect(messages()).toBe(21);
});

it('stops where the port is taken', async () => {
  const { address } = await listening();
  const options = {
    port: Number(new URL(address).port),
    secret,
    now: () => new Date(),
    onMessage: () => undefined,
  };
  await expect(listenForWebhooks(options)).rejects.toMatchObject({ code: 'window/port-unusable', exit: 2 });
});
