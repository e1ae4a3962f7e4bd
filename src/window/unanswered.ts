/** A window that gave no usable answer to a question on which the run depends. */
import { exitCode, Stop } from '../model/stop.ts';
import type { FailureReason } from './single-window.ts';

/** Exit 5: nothing was lodged by the request that failed, and it can be made again later. Its code is `window/` and the reason's cause. */
export class Unanswered extends Stop {
  readonly reason: FailureReason;

  constructor(address: string, reason: FailureReason, cause?: unknown) {
    const { status, retryAfterMs } = reason;
    super(`window/${reason.cause}`, exitCode.unreachable, {
      facts: {
        address,
        status: status ?? '–',
        seconds: retryAfterMs === undefined ? '–' : Math.ceil(retryAfterMs / 1000),
      },
      cause,
    });
    this.name = 'Unanswered';
    this.reason = reason;
  }
}
