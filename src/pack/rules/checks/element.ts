/** The declaration elements of a goods line, joined with `|`. */
import { perValue, placeOf } from '../field.ts';
import { readCount, readFields, readTexts } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

function elementAt(text: string, position: number): string | undefined {
  let from = 0;
  for (let skip = 1; skip < position; skip++) {
    const bar = text.indexOf('|', from);
    if (bar < 0) return undefined;
    from = bar + 1;
  }
  const end = text.indexOf('|', from);
  return text.slice(from, end < 0 ? text.length : end);
}

/** Element `position` (from 1) is one of `values`. A text without `|` is another rule's business. */
export const element: CheckFactory = (options) => {
  const position = readCount(options, 'position');
  const values = readTexts(options, 'values');
  return perValue(readFields(options, 'fields'), (value, ref, index) => {
    if (!value.includes('|')) return undefined;
    const found = elementAt(value, position) ?? '';
    return values.includes(found)
      ? undefined
      : { places: [placeOf(ref, index)], facts: { element: found, allowed: values } };
  });
};
