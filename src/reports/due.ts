/** What a person has to do about lodged declarations now, how old each is, and which take longer than usual. */
import { meaningOf, type ReceiptCodes } from '../model/receipt-codes.ts';
import type { LodgementState } from '../model/state.ts';
import type { Lang } from '../model/text.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { stateWords } from './words.ts';

export type Due = {
  readonly key: string;
  readonly state: LodgementState;
  readonly entryId?: string;
  /** Members of the receipt codes' `actions`. */
  readonly actions: readonly string[];
  /** Where it was returned: the window's own code and words. */
  readonly said?: { readonly code?: string; readonly text?: string };
  readonly minutes: number;
  readonly isOverdue: boolean;
};

const mostShown = 50;

/** Empty where there is nothing to do and nothing overdue. */
export function dueText(
  due: readonly Due[],
  { lang, codes }: { readonly lang: Lang; readonly codes: ReceiptCodes },
): string {
  const isZh = lang === 'zh';
  const told = due.filter(({ actions, isOverdue }) => actions.length > 0 || isOverdue);
  if (told.length === 0) return '';
  const rows = told
    .slice(0, mostShown)
    .map(({ key, state, entryId, actions, said, minutes, isOverdue }) => [
      `  ${oneLine(key, 40)}`,
      stateWords[state][lang],
      entryId ?? '',
      age(minutes, lang) + (isOverdue ? (isZh ? '（超时）' : ' (overdue)') : ''),
      actions.map((action) => codes.actions.get(action)?.[lang] ?? action).join(isZh ? '；' : '; ') +
        wordsOf(said, { lang, codes }),
    ]);
  const more = told.length - rows.length;
  const rest =
    more === 0
      ? []
      : [isZh ? `  另有 ${more} 票，见 --format json` : `  and ${more} more: see --format json`];
  return `\n${[isZh ? '逐票处理：' : 'One by one:', ...alignColumns(rows), ...rest].join('\n')}\n`;
}

function wordsOf(
  said: Due['said'],
  { lang, codes }: { readonly lang: Lang; readonly codes: ReceiptCodes },
): string {
  if (said === undefined) return '';
  const text = said.text ?? meaningOf(codes, said.code)?.meaning[lang] ?? '';
  return `${lang === 'zh' ? '：' : ': '}${oneLine(`${said.code ?? ''} ${text}`.trim(), 120)}`;
}

function age(minutes: number, lang: Lang): string {
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60)];
  if (days > 0) return lang === 'zh' ? `${days} 天` : `${days} d`;
  if (hours > 0) return lang === 'zh' ? `${hours} 小时` : `${hours} h`;
  return lang === 'zh' ? `${minutes} 分钟` : `${minutes} min`;
}
