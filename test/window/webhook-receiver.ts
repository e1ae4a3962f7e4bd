/** A receiver of webhooks that answers as a test tells it, and remembers what came. */
import { createHmac } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Recorded } from './openapi.ts';
import { serveScript, type Scripted } from './scripted-server.ts';

export const secretText = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

export type Told = Pick<Recorded, 'method' | 'requestHeaders' | 'requestBody'> & {
  readonly id: string;
  readonly ref: string;
  readonly code: string;
};

export type Receiver = {
  readonly url: URL;
  readonly told: readonly Told[];
  /** Resolves once `isEnough`; looked at after each message. */
  readonly until: (isEnough: (told: readonly Told[]) => boolean) => Promise<void>;
};

/** `answer` may depend on what came before; 204 where it says nothing. */
export async function openReceiver(
  answer: (told: Told, index: number) => Scripted | undefined = () => undefined,
): Promise<Receiver> {
  const told: Told[] = [];
  const looks = new Set<() => void>();
  const server = await serveScript(({ method, headers, body }) => {
    const { data }: { readonly data: { readonly ref: string; readonly authorityCode: string } } =
      JSON.parse(body);
    const requestHeaders = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    );
    const id = requestHeaders['webhook-id'] ?? '';
    const one = { method, requestHeaders, requestBody: body, id, ref: data.ref, code: data.authorityCode };
    told.push(one);
    for (const look of looks) look();
    return answer(one, told.length - 1) ?? { status: 204, body: '' };
  });
  onTestFinished(server.close);
  return {
    url: new URL(`${server.address}/hooks?office=1`),
    told,
    until: (isEnough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isEnough(told)) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
      }),
  };
}

/** The signature as the specification describes it, written without any code of ours. */
export function signatureOf({
  requestHeaders,
  requestBody,
}: Pick<Told, 'requestHeaders' | 'requestBody'>): string {
  const key = Buffer.from(secretText.slice('whsec_'.length), 'base64');
  const signed = `${requestHeaders['webhook-id'] ?? ''}.${requestHeaders['webhook-timestamp'] ?? ''}.${requestBody}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
