/** Receipts as the journal's feed has them. */
import type { Receipt } from '../../model/receipt.ts';
import { type Journal, type JournalRow, numberIn, textIn } from './journal.ts';

/** Our own word that the message lies in OutBox. */
export function handOverWord(sent: JournalRow, journal: Journal): Receipt {
  return receiptIn(
    journal.get("select json from feed where sent = ? and receipt like 'OutBox:%'", numberIn(sent, 'id')) ??
      {},
  );
}

/** As `tell` wrote it. */
export function receiptIn(row: JournalRow): Receipt {
  const receipt: Receipt = JSON.parse(textIn(row, 'json'));
  return receipt;
}
