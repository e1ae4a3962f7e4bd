/** Receipts as a person reads them: those that match nothing, and all of one declaration, each whole. */
import type { Receipt } from '../model/receipt.ts';
import { meaningOf, type ReceiptCodes } from '../model/receipt-codes.ts';
import type { LodgementState } from '../model/state.ts';
import type { Lang, Text } from '../model/text.ts';
import { momentText } from './moment.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { stateWords } from './words.ts';

/** Names nobody of ours; `key` where the window told one. */
export type UnmatchedReceipt = {
  readonly why: 'not-understood' | 'no-number' | 'no-link' | 'not-ours';
  readonly at: string;
  readonly file?: string;
  readonly key?: string;
  readonly clientSeqNo?: string;
  readonly windowNumber?: string;
  readonly entryId?: string;
  readonly code?: string;
  readonly text?: string;
  /** The beginning of it is shown where nothing was understood. */
  readonly raw?: string;
};

export type KeptReceipt = {
  readonly receipt: Receipt;
  readonly version: number;
  readonly counts: boolean;
  /** Where it came from, as the window names it: once at least. Absent where that is not known, or it came in no file. */
  readonly files?: readonly string[];
};

type Words = { readonly lang: Lang; readonly codes: ReceiptCodes };

const whyWords: Readonly<Record<UnmatchedReceipt['why'], Text>> = {
  'not-understood': { zh: '不能识别', en: 'not understood' },
  'no-number': { zh: '没有编号', en: 'names no declaration' },
  'no-link': { zh: '编号不在台账中', en: 'number not ours, or not yet' },
  'not-ours': { zh: '不是本台账申报的', en: 'not lodged with this ledger' },
};

export const mostUnmatchedShown = 100;

/** `shown` are the first of `count`. */
export function unmatchedText(
  shown: readonly UnmatchedReceipt[],
  count: number,
  { lang, codes }: Words,
): string {
  const isZh = lang === 'zh';
  if (count === 0)
    return isZh
      ? '每一张回执都有对应的报关单。\n'
      : 'Every receipt belongs to a declaration of this ledger.\n';
  const rows = shown.map(({ why, at, file, key, clientSeqNo, windowNumber, entryId, code, text, raw }) => [
    `  ${momentText(at)}`,
    whyWords[why][lang],
    [key, clientSeqNo, windowNumber, entryId].flatMap((each) => oneLine(each ?? '', 60) || []).join(' '),
    said({ code, text: text ?? raw?.trim() }, { lang, codes }, 120),
    oneLine(file ?? '', 150),
  ]);
  const head = isZh
    ? `${count} 张回执没有对应的报关单。它们完整保存，不影响任何报关单；编号一旦对上，会自动归入。`
    : `${count} receipts match no declaration. They are kept whole and move nothing; one whose number is linked later is taken in then.`;
  const more = count - shown.length;
  const rest = more === 0 ? [] : [isZh ? `  另有 ${more} 张，见 --json` : `  and ${more} more: see --json`];
  return `${[head, '', ...alignColumns(rows), ...rest].join('\n')}\n`;
}

/** All of one declaration, by the moments that they name. */
export function receiptsText(
  {
    key,
    clientSeqNo,
    entryId,
    state,
    receipts,
  }: {
    readonly key: string;
    readonly clientSeqNo: string;
    readonly entryId?: string;
    readonly state: LodgementState;
    readonly receipts: readonly KeptReceipt[];
  },
  { lang, codes }: Words,
): string {
  const isZh = lang === 'zh';
  const head = [key, clientSeqNo, entryId ?? '', stateWords[state][lang]].filter((part) => part !== '');
  const rows = receipts.map(({ receipt, counts, files = [] }) => [
    `  ${momentText(receipt.at)}`,
    receipt.state === undefined ? '—' : stateWords[receipt.state][lang],
    [receipt.windowNumber, receipt.entryId].flatMap((each) => oneLine(each ?? '') || []).join(' '),
    said(receipt, { lang, codes }, 10_000),
    files.map((file) => oneLine(file, 150)).join(' '),
    counts ? '' : isZh ? '（说的是改正前的内容）' : '(about what was sent before the correction)',
  ]);
  const none = isZh ? '  还没有回执。' : '  No receipt yet.';
  return `${[
    head.map((part) => oneLine(part)).join('  '),
    ...(rows.length === 0 ? [none] : alignColumns(rows)),
  ].join('\n')}\n`;
}

/** The code as it came, what the table says of it, and the window's own words. */
function said(
  { code, text }: { readonly code?: string | undefined; readonly text?: string | undefined },
  { lang, codes }: Words,
  limit: number,
): string {
  const meaning = meaningOf(codes, code)?.meaning[lang] ?? '';
  const parts = [code ?? '', meaning, text === meaning ? '' : (text ?? '')].filter((part) => part !== '');
  return oneLine(parts.join('  '), limit);
}
