/** An origin that is asked no faster than it allows, and that remembers what time it is there. */
import type { Exchange, Origin } from './exchange.ts';
import type { Pace } from './pace.ts';

export type PacedOrigin = Origin & {
  /** By the origin's own clock (`Date`), carried on since its last answer. */
  readonly serverNow: () => Date | undefined;
};

/** While the origin wants to be left alone nothing goes out: the answer is at once a 429 with the rest of its time. */
export function pacedOrigin(origin: Origin, pace: Pace, uptimeMs: () => number): PacedOrigin {
  let seen: { readonly dateMs: number; readonly atMs: number } | undefined;
  const exchange: Origin['exchange'] = async (request, signal): Promise<Exchange> => {
    const isMine = await pace.turn(signal);
    const retryAfterMs = pace.heldMs();
    if (retryAfterMs > 0)
      return { kind: 'answer', status: 429, type: '', retryAfterMs, text: '', dateMs: undefined };
    if (!isMine) return { kind: 'failure', cause: 'timeout', hasBegun: false, error: undefined };
    const answer = await origin.exchange(request, signal);
    if (answer.kind === 'failure') return answer;
    if (answer.retryAfterMs !== undefined && (answer.status === 429 || answer.status === 503))
      pace.holdFor(answer.retryAfterMs);
    if (answer.dateMs !== undefined) seen = { dateMs: answer.dateMs, atMs: uptimeMs() };
    return answer;
  };
  const serverNow = (): Date | undefined =>
    seen === undefined ? undefined : new Date(seen.dateMs + uptimeMs() - seen.atMs);
  return { exchange, close: origin.close, serverNow };
}
