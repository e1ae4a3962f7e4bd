/** What the flags about webhooks mean: the secret that signs, and a port. */
import { exitCode, Stop } from '../model/stop.ts';
import { readSecretFile } from '../secrets.ts';
import { parseWebhookSecret } from '../window/standard-webhooks.ts';

type Flags = ReadonlyMap<string, string | true>;

/** Throws `Stop` (exit 2) where no file is named, others may read it, or it holds no such secret. */
export function webhookSecret(flags: Flags): Buffer {
  const file = flags.get('webhookSecretFile');
  if (typeof file !== 'string') throw new Stop('secret/no-webhook-secret', exitCode.usage);
  return parseWebhookSecret(readSecretFile(file), file);
}

/** 0: any free one. Throws `Stop` (exit 2). */
export function portOf(where: string, typed: string | true): number {
  const port = typeof typed === 'string' && /^\d{1,5}$/u.test(typed) ? Number(typed) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where, value: String(typed), expected: '0–65535' },
  });
}
