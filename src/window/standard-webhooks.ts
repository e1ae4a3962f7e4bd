/** Standard Webhooks (standardwebhooks.com, 1.0.0), symmetric: signs a message, and tells whether one was signed by who knows the secret. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { exitCode, Stop } from '../model/stop.ts';

/** Older or newer ones are refused: they may have been caught and sent again. */
export const toleranceMs = 5 * 60_000;

const leastBytes = 24;
const mostBytes = 64;

/** `whsec_` and 24 to 64 bytes in base64. Throws `Stop` (exit 2) for anything else, without repeating it. */
export function parseWebhookSecret(said: string, where: string): Buffer {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})\s*$/u.exec(said)?.[1] ?? '';
  const secret = Buffer.from(encoded, 'base64');
  // Also a copy that was cut short is noticed.
  const isWhole = secret.toString('base64') === encoded;
  if (isWhole && secret.length >= leastBytes && secret.length <= mostBytes) return secret;
  throw new Stop('secret/not-a-webhook-secret', exitCode.usage, { facts: { where } });
}

export type WebhookHeaders = {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
};

/** For one attempt at `now`; the same message has the same id in every attempt. `id` holds no full stop. */
export function signWebhook(
  secret: Buffer,
  { id, payload, now }: { readonly id: string; readonly payload: string; readonly now: Date },
): WebhookHeaders {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = `v1,${digestOf(secret, `${id}.${timestamp}.`, Buffer.from(payload)).toString('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

/** The message's id, where one of its signatures is right and it was sent within the last five minutes; undefined for anything else. Compares in constant time. */
export function verifyWebhook(
  secret: Buffer,
  headers: Readonly<Record<string, unknown>>,
  { payload, now }: { readonly payload: Uint8Array; readonly now: Date },
): string | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return undefined;
  if (!/^[^\s.]{1,200}$/u.test(id) || !/^\d{1,12}$/u.test(timestamp)) return undefined;
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > toleranceMs) return undefined;
  const expected = digestOf(secret, `${id}.${timestamp}.`, payload);
  const isSigned = signatures.split(' ').some((each) => {
    const given = Buffer.from(/^v1,([A-Za-z0-9+/]{43}=)$/u.exec(each)?.[1] ?? '', 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isSigned ? id : undefined;
}

function digestOf(secret: Buffer, head: string, payload: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(head).update(payload).digest();
}
