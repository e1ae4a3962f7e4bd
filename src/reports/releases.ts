/** Releases as a warehouse reads them: yes or no first, then the evidence. */
import type { Receipt } from '../model/receipt.ts';
import { meaningOf, type ReceiptCodes } from '../model/receipt-codes.ts';
import type { LodgementState } from '../model/state.ts';
import type { Lang } from '../model/text.ts';
import { momentText } from './moment.ts';
import { type MovedTo, movedText } from './moved.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { stateWords } from './words.ts';

export type ToldRelease = {
  readonly key: string;
  readonly bill: string;
  readonly entryId?: string;
  readonly state: LodgementState;
  readonly isReleased: boolean;
  readonly releasedAt?: string;
  readonly evidence?: Receipt;
  readonly doubts: readonly Receipt[];
};

export type Told = {
  readonly bill: string | undefined;
  readonly mayHandOver: boolean | undefined;
  readonly declarations: readonly ToldRelease[];
  readonly movedTo?: MovedTo;
};

export function releaseTable(
  { bill, mayHandOver, declarations, movedTo }: Told,
  { lang, codes, watch }: { readonly lang: Lang; readonly codes: ReceiptCodes; readonly watch: string },
): string {
  const isZh = lang === 'zh';
  const lines: string[] = movedTo === undefined ? [] : [movedText(movedTo, lang), ''];
  if (bill !== undefined)
    lines.push(verdict(oneLine(bill, 60), { mayHandOver, count: declarations.length, isZh }), '');
  if (bill === undefined && declarations.length === 0)
    lines.push(isZh ? '没有已放行的报关单。' : 'No declaration is released.');
  lines.push(
    ...alignColumns(
      declarations.map((each) => [
        `  ${oneLine(each.bill, 40)}`,
        oneLine(each.key, 40),
        oneLine(each.entryId ?? '', 40),
        stateWords[each.state][lang],
        each.releasedAt === undefined ? '' : momentText(each.releasedAt),
        said(each.evidence, codes, lang),
      ]),
    ),
  );
  for (const { key, doubts } of declarations) {
    for (const receipt of doubts)
      lines.push(`  ! ${oneLine(key, 40)}  ${momentText(receipt.at)}  ${said(receipt, codes, lang)}`);
  }
  if (mayHandOver === false)
    lines.push('', isZh ? `更新回执：${oneLine(watch)}` : `To take in new receipts: ${oneLine(watch)}`);
  return `${lines.join('\n')}\n`;
}

function verdict(
  bill: string,
  {
    mayHandOver,
    count,
    isZh,
  }: { readonly mayHandOver: boolean | undefined; readonly count: number; readonly isZh: boolean },
): string {
  if (count === 0)
    return isZh
      ? `${bill}：台账中没有这个提运单号，不可放货。`
      : `${bill}: not in the ledger. Do not hand over.`;
  if (mayHandOver === true)
    return isZh ? `${bill}：已全部放行，可以放货。` : `${bill}: released. The goods may be handed over.`;
  return isZh ? `${bill}：尚未全部放行，不可放货。` : `${bill}: not released, or in doubt. Do not hand over.`;
}

function said(receipt: Receipt | undefined, codes: ReceiptCodes, lang: Lang): string {
  if (receipt === undefined) return '';
  const meaning = meaningOf(codes, receipt.code)?.meaning[lang] ?? '';
  return oneLine(
    [receipt.code ?? '', meaning, receipt.text === meaning ? '' : (receipt.text ?? '')]
      .filter((part) => part !== '')
      .join(' '),
    100,
  );
}
