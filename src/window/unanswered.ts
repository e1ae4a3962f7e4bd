/** A question to the window that got no usable answer. */
import { exitCode, Stop } from '../model/stop.ts';
import type { FailureReason } from './single-window.ts';

/** Nothing was lodged or lost by it: the same question can be asked again. */
export class Unanswered extends Error {
  readonly reason: FailureReason;
  readonly address: string;

  constructor(address: string, reason: FailureReason, cause?: unknown) {
    super(reason.cause, { cause });
    this.name = 'Unanswered';
    this.reason = reason;
    this.address = address;
  }
}

/** For a question without whose answer the run cannot go on: a stop, exit 5, with the code `window/` and the reason's cause. */
export function stopFor(unanswered: unknown): unknown {
  if (!(unanswered instanceof Unanswered)) return unanswered;
  const { address, reason } = unanswered;
  const { cause, status, retryAfterMs } = reason;
  const facts = {
    address,
    status: status ?? '–',
    seconds: retryAfterMs === undefined ? '–' : Math.ceil(retryAfterMs / 1000),
  };
  return new Stop(`window/${cause}`, exitCode.unreachable, { facts, cause: unanswered });
}
