/** Cancels declarations at the window: a plan first, then one request each, every answer kept apart from the declaration's own fate. */
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { DeclarationKey } from '../model/ids.ts';
import type { LodgementState } from '../model/state.ts';
import type { Cancellation } from '../window/single-window.ts';
import { type Engine, isoNow } from './engine.ts';

/** Why a declaration is left alone. */
export type Spared = 'unknown' | 'never-lodged' | 'rejected' | 'cancelled' | 'released';

export type CancelPlan = {
  readonly cancel: readonly LedgerEntry[];
  readonly spare: readonly { readonly entry: LedgerEntry; readonly why: Spared }[];
};

/** Undefined: the window may still cancel it. */
const sparedBecause: Readonly<Record<LodgementState, Spared | undefined>> = {
  prepared: 'never-lodged',
  sending: 'unknown',
  unknown: 'unknown',
  received: undefined,
  registered: undefined,
  accepted: undefined,
  held: undefined,
  released: 'released',
  cleared: 'released',
  exited: 'released',
  rejected: 'rejected',
  cancelled: 'cancelled',
};

export function planCancel(entries: Iterable<LedgerEntry>): CancelPlan {
  const cancel: LedgerEntry[] = [];
  const spare: CancelPlan['spare'][number][] = [];
  for (const entry of entries) {
    const why = sparedBecause[entry.state];
    if (why === undefined) cancel.push(entry);
    else spare.push({ entry, why });
  }
  return { cancel, spare };
}

const atOnce = 50;

/**
 * One answer for each key that was asked about, in order; fewer where Ctrl-C came. Only a cancellation is recorded: a refusal is
 * no word about the declaration. Cancelling twice is cancelling once, so nothing has to be written before.
 */
export async function cancelAll(
  keys: readonly DeclarationKey[],
  engine: Engine,
): Promise<readonly Cancellation[]> {
  const { ledger, window, signal } = engine;
  const answers: Cancellation[] = [];
  for (let at = 0; at < keys.length && !signal.aborted; at += atOnce) {
    const told =
      (await window.cancel?.(keys.slice(at, at + atOnce), engine.deadline(engine.requestMs))) ?? [];
    const receipts = told.flatMap((each) => (each.kind === 'cancelled' ? [each.receipt] : []));
    if (receipts.length > 0) ledger.record(receipts, isoNow(engine));
    answers.push(...told);
    // A window that answers none of fifty answers no more for now.
    if (told.every(({ kind }) => kind === 'no-answer')) break;
  }
  return answers;
}
