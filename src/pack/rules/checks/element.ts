/** The declaration elements of a goods line, joined with `|`. */
import { perValue, placeOf } from '../field.ts';
import { readCount, readFields, readTexts } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

const bar = 124;

/** Undefined where there is no bar at all; `''` where there are too few elements. */
function elementAt(text: string, position: number): string | undefined {
  let from = 0;
  let element = 1;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bar) continue;
    if (element === position) return text.slice(from, i);
    element++;
    from = i + 1;
  }
  if (element === 1) return undefined;
  return element === position ? text.slice(from) : '';
}

/** Element `position` (from 1) is one of `values`. A text without `|` is another rule's business. */
export const element: CheckFactory = (options) => {
  const position = readCount(options, 'position');
  const values = readTexts(options, 'values');
  return perValue(readFields(options, 'fields'), (value, ref, index) => {
    const found = elementAt(value, position);
    if (found === undefined) return undefined;
    return values.includes(found)
      ? undefined
      : { places: [placeOf(ref, index)], facts: { element: found, allowed: values } };
  });
};
