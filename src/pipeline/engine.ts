/** What the lodging stages work with: everything that is not pure comes in here, so that a simulation can replace all of it. */
import type { BatchId, RunId } from '../model/ids.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WindowPromises } from '../pack/pack.ts';
import type { SingleWindow } from '../window/single-window.ts';

export type Engine = {
  readonly run: RunId;
  readonly pack: string;
  readonly ledger: Ledger;
  readonly window: SingleWindow;
  readonly promises: WindowPromises;
  readonly now: () => Date;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newBatchId: () => BatchId;
  /** Aborted by the first Ctrl-C: what is under way is finished, nothing new is begun. */
  readonly signal: AbortSignal;
};

/** One request may take this long in all, from the first byte to the last. */
export const requestDeadlineMs = 60_000;

export function isoNow({ now }: Pick<Engine, 'now'>): string {
  return now().toISOString();
}
