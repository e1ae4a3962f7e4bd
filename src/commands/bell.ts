/** Pauses that end early when somebody rings. */
import { setTimeout as pause } from 'node:timers/promises';

export type Bell = {
  readonly ring: () => void;
  /** Ends after `ms`, soon after it rang (also before this call), or with the signal. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** What rings often is answered once. */
const gatherMs = 500;

export function openBell(): Bell {
  let hasRung = false;
  let waking = new AbortController();
  return {
    ring: () => {
      hasRung = true;
      waking.abort();
    },
    async wait(ms, signal) {
      waking = new AbortController();
      const early = AbortSignal.any([signal, waking.signal]);
      if (!hasRung) await pause(ms, undefined, { signal: early }).catch(() => undefined);
      if (hasRung) await pause(gatherMs, undefined, { signal }).catch(() => undefined);
      hasRung = false;
    },
  };
}
