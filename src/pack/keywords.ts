/** What the schema's own keywords mean: functions that the compiled validator is given. */
import { gb18030Bytes } from './bytes.ts';
import { isDateText } from './calendar.ts';
import type { PackCodeList } from './code-list.ts';

export type Keywords = {
  /** More characters (code points) than `limit`. */
  readonly isLonger: (text: string, limit: number) => boolean;
  /** More bytes of GB18030 than `limit`. */
  readonly isHeavier: (text: string, limit: number) => boolean;
  readonly isDate: (text: string, format: string) => boolean;
  /** A test for one list; with a separator, every part must be a code. */
  readonly isCodeOf: (list: string, separator: string) => (text: string) => boolean;
};

function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let points = 0;
  for (const _ of text) points += 1;
  return points > limit;
}

export function makeKeywords(lists: ReadonlyMap<string, PackCodeList>): Keywords {
  return {
    isLonger,
    isHeavier: (text, limit) => text.length * 4 > limit && gb18030Bytes(text) > limit,
    isDate: isDateText,
    isCodeOf(name, separator) {
      const list = lists.get(name);
      if (list === undefined) return () => true;
      if (separator === '') return list.has;
      return (text) => text.split(separator).every(list.has);
    },
  };
}
