/** Matches words of receipts to what was handed over, through the chain ClientSeqNo → 统一编号 → 海关编号, in whatever order they come. */
import { parseDeclarationKey, parseDigest, parseEntryId } from '../../model/ids.ts';
import type { Receipt } from '../../model/receipt.ts';
import { meaningOf, type ReceiptCodes } from '../../model/receipt-codes.ts';
import { type Journal, type JournalReader, type JournalRow, numberIn, textIn } from './journal.ts';
import type { ReadReceipt } from './receipts.ts';

export type Word = ReadReceipt & { readonly at: string };

/** One word of a receipt file. Belongs inside a transaction. What matches nothing yet waits for its link. */
export function takeWord(
  word: Word,
  { file, stem }: { readonly file: string; readonly stem: string | undefined },
  journal: Journal,
  codes: ReceiptCodes,
): void {
  const sent = sentFor(word, stem, journal);
  if (sent !== undefined) {
    settle({ word, sent, file }, journal, codes);
    return;
  }
  const { clientSeqNo, windowNumber, entryId } = word;
  journal.run(
    'insert into waiting (file, client_seq_no, window_number, entry_id, word) values (?, ?, ?, ?, ?)',
    file,
    clientSeqNo ?? null,
    windowNumber ?? null,
    entryId ?? null,
    JSON.stringify(word),
  );
}

/** Whose word it is: id, key and digest of the row. The name of the file is the surest, then our own number, then those of the window. */
export function sentFor(
  word: Word,
  stem: string | undefined,
  journal: JournalReader,
): JournalRow | undefined {
  const byStem =
    stem === undefined ? undefined : journal.get('select id, key, digest from sent where stem = ?', stem);
  if (byStem !== undefined) return byStem;
  const { clientSeqNo, windowNumber, entryId, at } = word;
  const ours =
    clientSeqNo === undefined
      ? undefined
      : journal.get(
          "select id, key, digest from sent where client_seq_no = ? and phase <> 'intended' order by id desc limit 1",
          clientSeqNo,
        );
  const linked = ours ?? byNumber(journal, 'window', windowNumber) ?? byNumber(journal, 'entry', entryId);
  if (linked === undefined) return undefined;
  // A word from before a correction went out is about what stood then.
  const key = textIn(linked, 'key');
  return (
    journal.get(
      "select id, key, digest from sent where key = ? and at <= ? and phase <> 'intended' order by id desc limit 1",
      key,
      at,
    ) ??
    journal.get(
      "select id, key, digest from sent where key = ? and phase <> 'intended' order by id limit 1",
      key,
    )
  );
}

function byNumber(
  journal: JournalReader,
  kind: 'window' | 'entry',
  number: string | undefined,
): JournalRow | undefined {
  if (number === undefined) return undefined;
  return journal.get(
    'select sent.id, key, digest from number join sent on sent.id = number.sent where number = ?',
    `${kind}:${number}`,
  );
}

/** A word about what was handed over, and the file that it came in. */
type Said = { readonly word: Word; readonly sent: JournalRow; readonly file: string };

/** Writes the word into the feed, learns the numbers that it names, and then takes what waited for them. */
function settle(first: Said, journal: Journal, codes: ReceiptCodes): void {
  const open: Said[] = [first];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { word, sent, file } = next;
    const receipt = receiptOf(word, sent, codes);
    const id = numberIn(sent, 'id');
    tell(receipt, id, journal);
    // The same word may come in several files.
    journal.run('insert or ignore into source values (?, ?, ?)', id, receipt.id, file);
    for (const [kind, number] of [
      ['window', word.windowNumber],
      ['entry', word.entryId],
    ] as const) {
      if (number === undefined || byNumber(journal, kind, number) !== undefined) continue;
      journal.run('insert into number values (?, ?)', `${kind}:${number}`, numberIn(sent, 'id'));
      const column = kind === 'window' ? 'window_number' : 'entry_id';
      for (const waiting of journal.all(`select * from waiting where ${column} = ? order by id`, number)) {
        const later = parseWord(textIn(waiting, 'word'));
        const home = sentFor(later, undefined, journal);
        if (home === undefined) continue;
        journal.run('delete from waiting where id = ?', numberIn(waiting, 'id'));
        open.push({ word: later, sent: home, file: textIn(waiting, 'file') });
      }
    }
  }
}

/** A fact that is known is told once. */
export function tell(receipt: Receipt, sent: number, journal: Journal): void {
  journal.run(
    'insert or ignore into feed (sent, receipt, state, json) values (?, ?, ?, ?)',
    sent,
    receipt.id,
    receipt.state ?? null,
    JSON.stringify(receipt),
  );
}

function receiptOf(word: Word, sent: JournalRow, codes: ReceiptCodes): Receipt {
  const key = parseDeclarationKey(textIn(sent, 'key'));
  const digest = parseDigest(textIn(sent, 'digest'));
  if (key === undefined || digest === undefined) throw new TypeError('the journal holds no key or digest');
  const { code, text, windowNumber, at } = word;
  const state = meaningOf(codes, code)?.state;
  const entryId = word.entryId === undefined ? undefined : parseEntryId(word.entryId);
  const problem = { code: code ?? '', severity: 'error', message: text ?? '', ...pointerIn(text) } as const;
  return {
    key,
    id: `${word.id}.${digest.slice(0, 8)}`,
    ...(state === undefined ? {} : { state }),
    at,
    ...(entryId === undefined ? {} : { entryId }),
    ...(windowNumber === undefined ? {} : { windowNumber }),
    ...(code === undefined ? {} : { code }),
    ...(text === undefined ? {} : { text }),
    problems: state === 'rejected' && text !== undefined ? [problem] : [],
    digest,
  };
}

/** The goods item that the text names: `商品序号1：` or `第1项`. It never names the field. */
function pointerIn(text = ''): { readonly pointer?: string } {
  const [, one, other] = /商品序号\s*(\d{1,2})|第\s*(\d{1,2})\s*项/u.exec(text) ?? [];
  const number = Number(one ?? other ?? 0);
  return number > 0 ? { pointer: `/DecLists/${number - 1}` } : {};
}

/** As `takeWord` wrote it. */
export function parseWord(json: string): Word {
  const word: Word = JSON.parse(json);
  return word;
}
