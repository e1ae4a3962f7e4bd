/** Tells every event of the feed to one address as a Standard Webhook: at least once, in order for each declaration, for as long as the server runs. */
import { setTimeout as pause } from 'node:timers/promises';
import { exitCode, Stop } from '../../model/stop.ts';
import { openOrigin, type Exchange } from '../http/exchange.ts';
import { isLoopback } from '../loopback.ts';
import { signWebhook } from '../standard-webhooks.ts';
import type { Sandbox } from './context.ts';
import { eventsAfter, settle, type NumberedEvent } from './feed.ts';
import { wholeOf } from './store.ts';

export type WebhookOptions = {
  /** As `parseWebhookUrl` lets it pass. */
  readonly url: URL;
  readonly secret: Buffer;
  /** Gets a `Stop` that is thrown nowhere: the first failure after a success, and the end where the receiver wants no more. */
  readonly onTrouble: (trouble: Stop) => void;
  /** Gets what the sandbox itself did wrong; nothing more is delivered then. */
  readonly onDefect: (error: unknown) => void;
  /** 1 s where absent; doubled with each further failure. */
  readonly firstPauseMs?: number;
};

export type Webhook = { readonly close: () => Promise<void> };

const atOnce = 8;
const perPage = 200;
const lookEveryMs = 200;
const attemptMs = 15_000;
const longestPauseMs = 15 * 60_000;

/** https, or http to this machine; no user, no password. Throws `Stop` (exit 2) without repeating what was typed: an address may hold a secret. */
export function parseWebhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== undefined && isSafe && url.username === '' && url.password === '') return url;
  throw new Stop('window/webhook-unusable', exitCode.usage);
}

/** Goes on where an earlier server with this store and this address stopped. */
export function startWebhook(sandbox: Sandbox, options: WebhookOptions): Webhook {
  const { url } = options;
  const { store } = sandbox;
  const ending = new AbortController();
  const { signal } = ending;
  const origin = openOrigin(url.origin, atOnce);
  const sleep = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined);
  let isFailing = false;

  const stopAs = (exchange: Exchange): void => {
    const told = exchange.status ?? (exchange.kind === 'failure' ? exchange.cause : '');
    const facts = { address: url.origin, status: told };
    if (exchange.status === 410) {
      options.onTrouble(new Stop('window/webhook-gone', exitCode.unreachable, { facts }));
      ending.abort();
    } else if (!isFailing) {
      isFailing = true;
      options.onTrouble(new Stop('window/webhook-failing', exitCode.unreachable, { facts }));
    }
  };

  /** False where the server ends, or the receiver wants no more. */
  const deliver = async ({ seq, event }: NumberedEvent): Promise<boolean> => {
    const id = `msg_${store.id}_${seq}`;
    const payload = JSON.stringify({ type: event.type, timestamp: event.occurredAt, data: event });
    for (let round = 0; !signal.aborted; round += 1) {
      const headers = signWebhook(options.secret, { id, payload, now: new Date() });
      const body = { type: 'application/json', bytes: Buffer.from(payload) };
      const path = url.pathname + url.search;
      const exchange = await origin.exchange(
        { method: 'POST', path, headers, body, timeoutMs: attemptMs },
        signal,
      );
      const status = exchange.status ?? 0;
      if (status >= 200 && status < 300) return true;
      if (signal.aborted) break;
      stopAs(exchange);
      await sleep(pauseMs(round, exchange, options.firstPauseMs));
    }
    return false;
  };

  /** A declaration's events one after the other, several declarations side by side. */
  const deliverAll = async (page: readonly NumberedEvent[]): Promise<boolean> => {
    const lives = Map.groupBy(page, ({ event }) => event.ref).values();
    const work = async (): Promise<void> => {
      for (const life of lives) for (const each of life) if (!(await deliver(each))) return;
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return !signal.aborted;
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      settle(sandbox);
      const row = store.get('select delivered from webhook where url = ?', url.href);
      const page = eventsAfter(sandbox, row === undefined ? 0 : wholeOf(row, 'delivered'), perPage);
      const last = page.at(-1);
      if (last === undefined) await sleep(lookEveryMs);
      // What was delivered of an unfinished page is delivered again after a restart, under the same id.
      else if (await deliverAll(page)) {
        store.run('insert or replace into webhook values (?, ?)', url.href, last.seq);
        isFailing = false;
      }
    }
  };
  const running = run().catch(options.onDefect);
  return {
    close: async () => {
      ending.abort();
      await running;
      await origin.close();
    },
  };
}

/** Half of it is chance; what the receiver asks for is a minimum. */
function pauseMs(round: number, exchange: Exchange, firstMs = 1_000): number {
  const grown = Math.min(longestPauseMs, firstMs * 2 ** round);
  const asked = exchange.kind === 'answer' ? (exchange.retryAfterMs ?? 0) : 0;
  return Math.min(asked, longestPauseMs) + grown * (0.5 + Math.random() / 2);
}
