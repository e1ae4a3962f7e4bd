/** Time that passes only when everybody waits. */

export type VirtualClock = {
  /** Milliseconds since the simulation began: never goes back. */
  readonly elapsedMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Goes to the next moment somebody waits for; false where nobody does. */
  readonly step: () => boolean;
  /** Lets hours or days pass, with everything that happens meanwhile. */
  readonly pass: (ms: number) => Promise<void>;
};

/** Everything that follows from what just happened has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function virtualClock(): VirtualClock {
  let nowMs = 0;
  let serial = 0;
  let waiting: { readonly atMs: number; readonly serial: number; readonly wake: () => void }[] = [];
  const sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      serial += 1;
      waiting.push({ atMs: nowMs + Math.max(0, ms), serial, wake });
    });
  const step = (): boolean => {
    const [next] = waiting.toSorted((a, b) => a.atMs - b.atMs || a.serial - b.serial);
    if (!next) return false;
    waiting = waiting.filter((each) => each !== next);
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    return true;
  };
  const elapsedMs = (): number => nowMs;
  return {
    elapsedMs,
    sleep,
    step,
    async pass(ms) {
      const untilMs = nowMs + ms;
      void sleep(ms);
      while (elapsedMs() < untilMs && step()) await settled();
    },
  };
}
