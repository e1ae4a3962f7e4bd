/** How large a freight, insurance or other charge may be, by its marker. */
import { compareDecimals } from '../decimal.ts';
import { nothing, placeOf, refOf, single } from '../field.ts';
import { readTable } from '../options.ts';
import type { CheckFactory, Finding } from '../rule.ts';

/** `rows`: marker tag, its value, amount tag, least and most of the amount without its sign, `signed` where it may be negative. */
export const chargeRange: CheckFactory = (options) => {
  const rows = readTable(options, 'rows').map(
    ([markTag = '', mark = '', tag = '', least = '', most = '', sign = '']) => ({
      markTag,
      mark,
      ref: refOf(`DecHead.${tag}`),
      least,
      most,
      isSigned: sign === 'signed',
    }),
  );
  return (content) => {
    const head = single(content, 'DecHead');
    let found: Finding[] | undefined;
    for (const { markTag, mark, ref, least, most, isSigned } of rows) {
      if (head[markTag] !== mark) continue;
      const amount = head[ref.tag] ?? '';
      const size = isSigned && amount.startsWith('-') ? amount.slice(1) : amount;
      if (compareDecimals(size, least) !== -1 && compareDecimals(size, most) !== 1) continue;
      (found ??= []).push({ places: [placeOf(ref)], facts: { mark, least, most } });
    }
    return found ?? nothing;
  };
};
