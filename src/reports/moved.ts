/** That a ledger was moved away, in the words of every command that still reads what stayed behind. */
import type { Lang } from '../model/text.ts';
import { momentText } from './moment.ts';
import { oneLine } from './terminal-text.ts';

/** Where the ledger went since when, and what is told is how it stood then. */
export type MovedTo = { readonly place: string; readonly at: string };

export function movedText({ place, at }: MovedTo, lang: Lang): string {
  const where = oneLine(place, 4096);
  return lang === 'zh'
    ? `${momentText(at)} 已移到 ${where}；以下是当时的情况，不能再用它申报。`
    : `moved to ${where} at ${momentText(at)}; what follows is how it stood then, and nothing is lodged with it.`;
}
