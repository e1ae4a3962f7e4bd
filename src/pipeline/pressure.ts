/** How hard one run may press a window: retries left, batches at once, size of a batch, and when to stop altogether. */
import type { FailureReason } from '../window/single-window.ts';

/** One for each run; every batch of the run tells it what came back. */
export type Pressure = {
  /** Takes the price of a repetition; false where too many were needed already. */
  readonly mayRepeat: (cause: FailureReason['cause']) => boolean;
  /** After each attempt. */
  readonly tell: (how: 'answered' | 'refused' | 'failed') => void;
  /** Batches that may be under way at once: 1 to 4. */
  readonly atOnce: () => number;
  /** The most declarations that the window was seen to take, after it refused more. */
  readonly mostPerBatch: () => number;
  readonly learnMost: (declarations: number) => void;
  /** After each batch with all its halves: whether the window took any of it. */
  readonly batchEnded: (took: boolean) => void;
  /** Nothing further is sent in this run. */
  readonly stop: (why: FailureReason) => void;
  readonly stopped: () => FailureReason | undefined;
};

const bucketSize = 500;
const price = 5;
const priceOfTimeout = 10;
const refund = 1;
const mostAtOnce = 4;
const startAtOnce = 2;
const wholeFailuresAllowed = 3;
/** The share of failed requests is looked at from so many on. */
const leastRequests = 25;
const failedShare = 0.2;

export function openPressure(): Pressure {
  let tokens = bucketSize;
  let atOnce = startAtOnce;
  let most = Number.POSITIVE_INFINITY;
  let wholeFailures = 0;
  let requests = 0;
  let failures = 0;
  let why: FailureReason | undefined;
  const stop = (reason: FailureReason): void => void (why ??= reason);
  return {
    mayRepeat(cause) {
      const cost = cause === 'timeout' ? priceOfTimeout : price;
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
    tell(how) {
      requests += 1;
      if (how === 'failed') {
        failures += 1;
        atOnce = Math.max(1, atOnce / 2);
      } else {
        tokens = Math.min(bucketSize, tokens + refund);
        // One more for each round trip in which all places were busy.
        if (how === 'answered') atOnce = Math.min(mostAtOnce, atOnce + 1 / atOnce);
      }
      if (requests >= leastRequests && failures > requests * failedShare) stop({ cause: 'unavailable' });
    },
    atOnce: () => Math.floor(atOnce),
    mostPerBatch: () => most,
    learnMost: (declarations) => void (most = Math.min(most, Math.max(1, declarations))),
    batchEnded(took) {
      wholeFailures = took ? 0 : wholeFailures + 1;
      if (wholeFailures >= wholeFailuresAllowed) stop({ cause: 'unavailable' });
    },
    stop,
    stopped: () => why,
  };
}

const backoffBaseMs = 500;
const backoffCapMs = 30_000;

/** Full jitter before repetition `round`, from 1; what the window asks for is a minimum, never cut short, and the jitter comes on top. */
export function pauseMsBefore(round: number, askedMs: number | undefined, random: () => number): number {
  const jitter = random() * Math.min(backoffCapMs, backoffBaseMs * 2 ** round);
  return (askedMs ?? 0) + jitter;
}
