/** The events in a ledger that were not told yet, in the order of their moments. */
import type { Ledger } from '../ledger/ledger.ts';
import type { ReceiptCodes } from '../model/receipt-codes.ts';
import type { LodgementState } from '../model/state.ts';
import { eventOf, valueOf } from '../pipeline/release.ts';
import type { WatchEvent } from '../reports/watch.ts';
import { lodgedStates, parseBody } from './shipments.ts';
import type { Watched } from './watched.ts';

const endedStates: readonly LodgementState[] = ['released', 'cleared', 'exited', 'rejected', 'cancelled'];

type Watching = { readonly codes: ReceiptCodes; readonly watched: Watched };

/** The first time, before the window is asked: what has already come to an end is marked as told, for it is history. */
export function markHistory(ledger: Ledger, { codes, watched }: Watching): void {
  for (const { key, receipts } of ledger.eachInStates(endedStates)) {
    for (const receipt of receipts)
      if (eventOf(receipt, codes) !== undefined) watched.add({ key, receipt: receipt.id });
  }
}

/** Every event that was not told. */
export function newEvents(ledger: Ledger, { codes, watched }: Watching): readonly WatchEvent[] {
  const events: WatchEvent[] = [];
  for (const { key, state, entryId, receipts } of ledger.eachInStates(lodgedStates)) {
    const open = receipts.flatMap((receipt) => {
      const event = eventOf(receipt, codes);
      const isOpen = event !== undefined && !watched.has({ key, receipt: receipt.id });
      return isOpen ? [{ event, receipt }] : [];
    });
    if (open.length === 0) continue;
    const bill = valueOf(parseBody(ledger.bodyOf(key)), codes.bill);
    events.push(
      ...open.map(({ event, receipt }): WatchEvent => ({
        event,
        key,
        bill,
        entryId: receipt.entryId ?? entryId ?? '',
        at: receipt.at,
        state,
        receipt: receipt.id,
        code: receipt.code ?? '',
        text: receipt.text ?? '',
      })),
    );
  }
  return events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
