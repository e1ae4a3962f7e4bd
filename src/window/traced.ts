/** Tells of each attempt to submit how it ended and how long it took: counts and ids, never what was sent. */
import type { BatchId } from '../model/ids.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Answer, FailureReason, SingleWindow } from './single-window.ts';

export type TracedAttempt = {
  readonly batch: BatchId;
  readonly declarations: number;
  readonly answered: number;
  readonly notSent: number;
  readonly cannotKnow: number;
  /** Of the first that failed. */
  readonly cause?: FailureReason['cause'] | 'stopped';
  readonly status?: number;
  readonly tookMs: number;
};

export function traced(window: SingleWindow, tell: (attempt: TracedAttempt) => void): SingleWindow {
  return {
    ...window,
    async submit(batch, signal) {
      const begunAt = performance.now();
      const about = { batch: batch.id, declarations: batch.lodgements.length };
      const tookMs = (): number => Math.round(performance.now() - begunAt);
      try {
        const answers = await window.submit(batch, signal);
        tell({ ...about, ...countsOf(answers), tookMs: tookMs() });
        return answers;
      } catch (error) {
        const isSignIn = error instanceof Stop && error.exit === exitCode.signIn;
        const cause = isSignIn ? 'sign-in' : 'stopped';
        tell({ ...about, answered: 0, notSent: 0, cannotKnow: 0, cause, tookMs: tookMs() });
        throw error;
      }
    },
  };
}

function countsOf(answers: readonly Answer[]): Omit<TracedAttempt, 'batch' | 'declarations' | 'tookMs'> {
  const count = (kind: Answer['kind']): number => answers.filter((answer) => answer.kind === kind).length;
  const failed = answers.find((answer) => answer.kind === 'not-sent' || answer.kind === 'cannot-know');
  const reason = failed !== undefined && 'reason' in failed ? failed.reason : undefined;
  return {
    answered: answers.length - count('not-sent') - count('cannot-know'),
    notSent: count('not-sent'),
    cannotKnow: count('cannot-know'),
    ...(reason === undefined ? {} : { cause: reason.cause }),
    ...(reason?.status === undefined ? {} : { status: reason.status }),
  };
}
