/** The declarations of a ledger with what they declare, for the commands about releases. */
import { existsSync } from 'node:fs';
import type { Ledger, LedgerEntry } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { DeclarationContent } from '../model/declaration.ts';
import type { ReceiptCodes } from '../model/receipt-codes.ts';
import type { LodgementState } from '../model/state.ts';
import { isBill } from '../pipeline/bill.ts';
import type { MovedTo } from '../reports/moved.ts';
import { type Release, releaseOf, valueOf } from '../pipeline/release.ts';

export const lodgedStates: readonly LodgementState[] = [
  'sending',
  'unknown',
  'received',
  'registered',
  'accepted',
  'held',
  'released',
  'cleared',
  'exited',
  'rejected',
  'cancelled',
];

export type Shipment = {
  readonly entry: LedgerEntry;
  /** Absent once it was purged. */
  readonly content?: DeclarationContent;
  readonly bill: string;
  readonly release: Release;
};

/** Every declaration, or those of one bill, oldest first. Reads the ledger from end to end: some seconds for 100,000 declarations. */
export function shipmentsIn(ledger: Ledger, codes: ReceiptCodes, bill?: string): readonly Shipment[] {
  const found: Shipment[] = [];
  for (const entry of ledger.eachInStates(lodgedStates)) {
    const content = parseBody(ledger.bodyOf(entry.key));
    const declared = valueOf(content, codes.bill);
    if (bill !== undefined && !isBill(bill, declared)) continue;
    found.push({
      entry,
      ...(content === undefined ? {} : { content }),
      bill: declared,
      release: releaseOf(entry, codes),
    });
  }
  return found;
}

export type Shipments = { readonly shipments: readonly Shipment[]; readonly movedTo?: MovedTo };

/** Nothing where there is no ledger yet; how it stood where the ledger was moved away. */
export async function readShipments(file: string, codes: ReceiptCodes, bill?: string): Promise<Shipments> {
  if (!existsSync(file) && !existsSync(`${file}.guard`)) return { shipments: [] };
  const ledger = await openLedger({ file, now: () => new Date(), mode: 'read' });
  try {
    const { movedTo } = ledger;
    return { shipments: shipmentsIn(ledger, codes, bill), ...(movedTo === undefined ? {} : { movedTo }) };
  } finally {
    ledger.close();
  }
}

/** The ledger's own canonical JSON. */
export function parseBody(body: string | undefined): DeclarationContent | undefined {
  if (body === undefined) return undefined;
  const content: DeclarationContent = JSON.parse(body);
  return content;
}
