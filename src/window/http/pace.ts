/** Holds requests to the window's pace: no more than so many in any second, and none before the moment that the window named. */

export type Pace = {
  /** Resolves when the next request may go out; false where the signal came first. */
  readonly turn: (signal: AbortSignal) => Promise<boolean>;
  /** No request before so many milliseconds from now. */
  readonly holdFor: (ms: number) => void;
  /** How long the window still wants to be left alone; 0 where it does not. */
  readonly heldMs: () => number;
};

export type PaceParts = {
  /** In any second, however it is cut; `undefined`: as many as come. */
  readonly perSecond: number | undefined;
  /** Milliseconds that only go forward. */
  readonly uptimeMs: () => number;
  /** Ends early when the signal is aborted; never throws. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** A timer may be early by a millisecond, and requests are delayed unevenly on their way. */
const secondMs = 1_050;

export function openPace({ perSecond, uptimeMs, sleep }: PaceParts): Pace {
  /** When the last requests went out, or will: oldest first. */
  const turns: number[] = [];
  let heldUntil = Number.NEGATIVE_INFINITY;
  return {
    async turn(signal) {
      if (perSecond === undefined) return !signal.aborted;
      const nowMs = uptimeMs();
      const before = turns.length < perSecond ? Number.NEGATIVE_INFINITY : (turns.shift() ?? 0) + secondMs;
      const mine = Math.max(nowMs, before, turns.at(-1) ?? Number.NEGATIVE_INFINITY);
      turns.push(mine);
      for (let restMs = mine - nowMs; restMs > 0 && !signal.aborted; restMs = mine - uptimeMs())
        await sleep(Math.ceil(restMs), signal);
      return !signal.aborted;
    },
    holdFor: (ms) => void (heldUntil = Math.max(heldUntil, uptimeMs() + ms)),
    heldMs: () => Math.max(0, Math.ceil(heldUntil - uptimeMs())),
  };
}
