/** What was taken from the import client's folders and belongs to no declaration of ours, or is not understood: kept, and shown here. */
import { type JournalReader, numberIn, textIn } from './journal.ts';
import { parseWord, type Word } from './matching.ts';
import { decodeReceipt } from './receipt-xml.ts';

/** `not-understood`; `no-number`: it names no declaration; `no-link`: it names a number that none of ours has, or has yet. */
export type WhyUnmatched = 'not-understood' | 'no-number' | 'no-link';

export type Unmatched = Pick<
  Word,
  'clientSeqNo' | 'windowNumber' | 'entryId' | 'code' | 'text' | 'at' | 'form'
> & {
  /** `InBox/…` or `FailBox/…`. */
  readonly file: string;
  readonly why: WhyUnmatched;
  /** The file whole, as text; `rawBase64` where its bytes are no text. */
  readonly raw?: string;
  readonly rawBase64?: string;
};

export function countUnmatched(journal: JournalReader): number {
  return numberIn(journal.get('select count(*) as number from waiting'), 'number');
}

/** In the order in which they were taken. */
export function* unmatchedIn(journal: JournalReader): Generator<Unmatched> {
  const rows = journal.each(
    'select waiting.file, word, raw from waiting left join file on file.name = waiting.file order by id',
  );
  for (const row of rows) {
    const { id: _, ...word } = parseWord(textIn(row, 'word'));
    yield { file: textIn(row, 'file'), why: whyOf(word), ...word, ...wholeOf(row['raw']) };
  }
}

function whyOf({ form, clientSeqNo, windowNumber, entryId }: Omit<Word, 'id'>): WhyUnmatched {
  if (form === 'unknown') return 'not-understood';
  return (clientSeqNo ?? windowNumber ?? entryId) === undefined ? 'no-number' : 'no-link';
}

function wholeOf(raw: unknown): Pick<Unmatched, 'raw' | 'rawBase64'> {
  if (!(raw instanceof Uint8Array) || raw.length === 0) return {};
  const text = decodeReceipt(raw);
  return text === undefined ? { rawBase64: Buffer.from(raw).toString('base64') } : { raw: text };
}
