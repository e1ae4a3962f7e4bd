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

/** What has not come to its end, with what is to be done; `needs` counts what a person must act on. */
export type DueTable = { readonly lines: readonly string[]; readonly needs: number };

/** First what needs somebody, then what waits; 50 in all, however many there are. */
export function dueTable(
  due: Iterable<Due>,
  words: { readonly lang: Lang; readonly codes: ReceiptCodes },
): DueTable {
  const needing: Due[] = [];
  const waiting: Due[] = [];
  let needs = 0;
  let all = 0;
  for (const each of due) {
    const isNeeding = each.actions.length > 0 || each.isOverdue;
    if (!isNeeding && each.state === 'accepted') continue;
    all += 1;
    if (isNeeding) needs += 1;
    const list = isNeeding ? needing : waiting;
    if (list.length < mostShown) list.push(each);
  }
  const rows = [...needing, ...waiting].slice(0, mostShown).map((each) => rowOf(each, words));
  const isZh = words.lang === 'zh';
  const more = all - rows.length;
  const rest =
    more === 0
      ? []
      : [isZh ? `  另有 ${more} 票，见 --format json` : `  and ${more} more: see --format json`];
  const head = isZh ? `未了结的（${needs} 票要处理）：` : `Open (${needs} need somebody):`;
  return { lines: all === 0 ? [] : [head, ...alignColumns(rows), ...rest], needs };
}

function rowOf(
  { key, state, entryId, actions, said, minutes, isOverdue }: Due,
  { lang, codes }: { readonly lang: Lang; readonly codes: ReceiptCodes },
): readonly string[] {
  const isZh = lang === 'zh';
  return [
    `  ${oneLine(key, 40)}`,
    stateWords[state][lang],
    age(minutes, lang) + (isOverdue ? (isZh ? '（超时）' : ' (overdue)') : ''),
    oneLine(entryId ?? '', 40),
    actions.map((action) => codes.actions.get(action)?.[lang] ?? oneLine(action)).join(isZh ? '；' : '; ') +
      wordsOf(said, { lang, codes }),
  ];
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
