/** One event of a declaration as a line for a person. */
import { meaningOf, type ReceiptCodes } from '../model/receipt-codes.ts';
import type { LodgementState } from '../model/state.ts';
import type { Lang, Text } from '../model/text.ts';
import { momentText } from './moment.ts';
import { oneLine } from './terminal-text.ts';

export type WatchEvent = {
  readonly event: string;
  readonly key: string;
  readonly bill: string;
  /** Empty while there is none. */
  readonly entryId: string;
  readonly at: string;
  readonly state: LodgementState;
  /** The receipt's id. */
  readonly receipt: string;
  readonly code: string;
  readonly text: string;
};

const words: Readonly<Record<string, Text>> = {
  accepted: { zh: '已接受', en: 'accepted' },
  inspection: { zh: '查验', en: 'inspection' },
  'tax-due': { zh: '待缴税', en: 'tax due' },
  manual: { zh: '转人工', en: 'manual' },
  held: { zh: '待处理', en: 'held' },
  returned: { zh: '退回', en: 'returned' },
  released: { zh: '放行', en: 'released' },
  closed: { zh: '结关', en: 'closed' },
  cancelled: { zh: '删单', en: 'cancelled' },
  'client-failed': { zh: '客户端失败', en: 'client failed' },
};

export function eventLine(
  { event, key, bill, entryId, at, code, text }: WatchEvent,
  { lang, codes }: { readonly lang: Lang; readonly codes: ReceiptCodes },
): string {
  const meaning = meaningOf(codes, code)?.meaning[lang] ?? '';
  const parts = [
    momentText(at),
    words[event]?.[lang] ?? event,
    key,
    entryId,
    bill,
    code,
    meaning,
    text === meaning ? '' : text,
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => oneLine(part, 100))
    .join('  ');
}
