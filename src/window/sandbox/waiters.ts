/** Requests that wait for events, and the tick that looks whether something came for them. */
import { bounds } from './bounds.ts';
import type { Answer, Call, Sandbox } from './context.ts';
import { readEvents, waitOf } from './feed.ts';
import { Refusal } from './refusal.ts';

type Waiter = {
  readonly call: Call;
  readonly untilMs: number;
  readonly settle: (look: () => Answer) => void;
};

export type Waiters = {
  /** Answers at once where there are events, else when they come or the wait is over. */
  readonly read: (call: Call) => Promise<Answer>;
  /** Looks for everyone who waits: due notices of this store, whichever process took them. */
  readonly tick: () => void;
  /** Answers all who wait, and whoever comes, at once. */
  readonly end: () => void;
};

/** `tickMs` 0: only `tick` wakes. */
export function waitersFor(sandbox: Sandbox, tickMs: number): Waiters {
  const waiting = new Set<Waiter>();
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    for (const waiter of waiting) {
      const isOver = hasEnded || sandbox.now().getTime() >= waiter.untilMs;
      let answer: Answer | undefined;
      try {
        answer = readEvents(sandbox, waiter.call, !isOver);
      } catch (error) {
        waiting.delete(waiter);
        waiter.settle(() => {
          throw error;
        });
      }
      if (answer === undefined) continue;
      const found = answer;
      waiting.delete(waiter);
      waiter.settle(() => found);
    }
    if (waiting.size === 0) clearInterval(timer);
  };
  const read = async (call: Call): Promise<Answer> => {
    const waitMs = hasEnded ? 0 : waitOf(call.query);
    const answer = readEvents(sandbox, call, waitMs > 0);
    if (answer !== undefined) return answer;
    if (waiting.size >= bounds.waiting) {
      throw new Refusal('too-many-waiting', 429, `${bounds.waiting} requests wait already.`, {
        retryAfterS: 1,
      });
    }
    const look = await new Promise<() => Answer>((resolve) => {
      waiting.add({ call, untilMs: sandbox.now().getTime() + waitMs, settle: resolve });
      if (tickMs > 0 && waiting.size === 1) timer = setInterval(tick, tickMs);
    });
    return look();
  };
  const end = () => {
    hasEnded = true;
    tick();
  };
  return { read, tick, end };
}
