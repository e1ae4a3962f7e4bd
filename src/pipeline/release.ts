/** Whether goods may be handed over, and what a person has to do, from what the ledger knows of one declaration. Pure. */
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { DeclarationContent, FieldPath } from '../model/declaration.ts';
import type { Receipt } from '../model/receipt.ts';
import { meaningOf, type ReceiptCodes, type ReceiptEvent } from '../model/receipt-codes.ts';
import { isBeyond, type LodgementState } from '../model/state.ts';

const releasedStates: ReadonlySet<LodgementState | undefined> = new Set(['released', 'cleared', 'exited']);
const doubtfulStates: ReadonlySet<LodgementState | undefined> = new Set(['held', 'rejected', 'cancelled']);

export type Release = {
  readonly isReleased: boolean;
  /** The word of customs that releases the goods; the first, where there are several. */
  readonly evidence?: Receipt;
  /** Words dated after it that speak against it: ask customs before the goods go. */
  readonly doubts: readonly Receipt[];
};

/** Released by a word of release alone: never by being accepted, and never once the declaration was deleted. */
export function releaseOf(
  { state, receipts }: Pick<LedgerEntry, 'state' | 'receipts'>,
  codes: ReceiptCodes,
): Release {
  const byTime = inTime(receipts);
  const evidence =
    byTime.find((receipt) => receipt.state === 'released') ??
    byTime.find((receipt) => releasedStates.has(receipt.state));
  const isReleased = releasedStates.has(state) && evidence !== undefined;
  const doubts = byTime.filter(
    (receipt) =>
      evidence !== undefined &&
      Date.parse(receipt.at) > Date.parse(evidence.at) &&
      (doubtfulStates.has(receipt.state) ||
        (meaningOf(codes, receipt.code)?.action === 'contact' && receipt.state === undefined)),
  );
  return { isReleased, ...(evidence === undefined ? {} : { evidence }), doubts };
}

/** The members of `codes.actions` that a person should do now. */
export function actionsOf(
  { state, receipts }: Pick<LedgerEntry, 'state' | 'receipts'>,
  codes: ReceiptCodes,
): readonly string[] {
  if (releasedStates.has(state) || state === 'cancelled') return [];
  const byTime = inTime(receipts);
  const actions = byTime.flatMap((receipt) => {
    const action = meaningOf(codes, receipt.code)?.action;
    if (action === undefined) return [];
    const isPast = byTime.some((other) => isOutdoneBy(other, receipt, codes));
    // What customs asked for stands until the release; everything else until customs speaks again.
    return receipt.state === 'held' || !isPast ? [action] : [];
  });
  if (state === 'rejected') return ['correct'];
  return [...new Set(actions)];
}

/** By a later word with a state; by one from further on, whenever it came: times are whole seconds, and receipts late. */
function isOutdoneBy(other: Receipt, { at, state }: Receipt, codes: ReceiptCodes): boolean {
  if (other.state === undefined) return false;
  const [its, own] = [Date.parse(other.at), Date.parse(at)];
  if (its > own) return true;
  if (state === undefined) return false;
  const isPlain = meaningOf(codes, other.code)?.action === undefined;
  return isBeyond(other.state, state) || (its === own && other.state === state && isPlain);
}

const eventOfState: Readonly<Partial<Record<LodgementState, ReceiptEvent>>> = {
  accepted: 'accepted',
  held: 'held',
  rejected: 'returned',
  released: 'released',
  cleared: 'closed',
  cancelled: 'cancelled',
};

/** Undefined where the receipt is no event that anybody waits for. */
export function eventOf({ code, state }: Receipt, codes: ReceiptCodes): ReceiptEvent | undefined {
  return meaningOf(codes, code)?.event ?? (state === undefined ? undefined : eventOfState[state]);
}

/** Minutes since the state last changed, and whether that is longer than usual. */
export function ageOfEntry(
  { state, changedAt }: Pick<LedgerEntry, 'state' | 'changedAt'>,
  now: Date,
  codes: ReceiptCodes,
): { readonly minutes: number; readonly isOverdue: boolean } {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(changedAt)) / 60_000));
  const usual = codes.usualMinutes.get(state);
  return { minutes, isOverdue: usual !== undefined && minutes > usual };
}

/** The value of a field that occurs once; empty where there is none. */
export function valueOf(content: DeclarationContent | undefined, path: FieldPath): string {
  const [segment = '', tag = ''] = path.split('.');
  const found = content?.[segment];
  return found === undefined || Array.isArray(found) ? '' : (found[tag] ?? '');
}

function inTime(receipts: readonly Receipt[]): readonly Receipt[] {
  return receipts.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
