/** Time that passes only when everybody waits. */

export type VirtualClock = {
  /** Milliseconds since the simulation began: never goes back. */
  readonly uptimeMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Goes to the next moment somebody waits for; false where nobody does. */
  readonly step: () => boolean;
};

export function virtualClock(): VirtualClock {
  let nowMs = 0;
  let serial = 0;
  let waiting: { readonly atMs: number; readonly serial: number; readonly wake: () => void }[] = [];
  return {
    uptimeMs: () => nowMs,
    sleep: (ms) =>
      new Promise((wake) => {
        serial += 1;
        waiting.push({ atMs: nowMs + Math.max(0, ms), serial, wake });
      }),
    step() {
      const [next] = waiting.toSorted((a, b) => a.atMs - b.atMs || a.serial - b.serial);
      if (!next) return false;
      waiting = waiting.filter((each) => each !== next);
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
      return true;
    },
  };
}
