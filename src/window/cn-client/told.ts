/** Receipts as the journal's feed has them. */
import type { Receipt } from '../../model/receipt.ts';
import { type Journal, type JournalReader, type JournalRow, numberIn, textIn } from './journal.ts';

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

/** The files in which a receipt of this declaration came, `InBox/…` or `FailBox/…`, in the order of their names; none where an earlier version took them, or our own word is no file. */
export function sourcesOf(
  { key, id }: Pick<Receipt, 'key' | 'id'>,
  journal: JournalReader,
): readonly string[] {
  if (!hasSources(journal)) return [];
  return journal
    .all(
      'select distinct file from source join sent on sent.id = source.sent where key = ? and receipt = ? order by file',
      key,
      id,
    )
    .map((row) => textIn(row, 'file'));
}

/** A journal that is only looked at may be of an earlier version. */
export function hasSources(journal: JournalReader): boolean {
  return journal.get("select 1 from sqlite_master where type = 'table' and name = 'source'") !== undefined;
}
