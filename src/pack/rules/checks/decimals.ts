/** Single decimals, and two decimals beside each other. */
import { compareDecimals } from '../decimal.ts';
import { perEntry, perValue, placeOf, refOf } from '../field.ts';
import { readCount, readField, readFields, readText } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

/** `lesser` is not above `greater`; both in one segment. */
export const decimalOrder: CheckFactory = (options) => {
  const lesser = refOf(readField(options, 'lesser'));
  const greater = refOf(readField(options, 'greater'));
  return perEntry(lesser.segment, (entry, index) => {
    const small = entry[lesser.tag] ?? '';
    const large = entry[greater.tag] ?? '';
    if (compareDecimals(small, large) !== 1) return undefined;
    return {
      places: [placeOf(lesser, index), placeOf(greater, index)],
      facts: { lesser: small, greater: large },
    };
  });
};

/** Each of `fields` is above zero. */
export const positive: CheckFactory = (options) =>
  perValue(readFields(options, 'fields'), (value, ref, index) => {
    // A decimal that begins with 1–9 is above zero: no need to read on.
    const first = value.charCodeAt(0);
    if (first >= 49 && first <= 57) return undefined;
    const order = compareDecimals(value, '0');
    return order === 1 || order === undefined ? undefined : { places: [placeOf(ref, index)] };
  });

/** Not above `most`. */
export const atMost: CheckFactory = (options) => {
  const most = readText(options, 'most');
  return perValue(readFields(options, 'fields'), (value, ref, index) =>
    compareDecimals(value, most) === 1 ? { places: [placeOf(ref, index)], facts: { most } } : undefined,
  );
};

/** At most `digits` after the point, where the value is below `below` (always, where that is empty). */
export const fractionDigits: CheckFactory = (options) => {
  const digits = readCount(options, 'digits');
  const below = readText(options, 'below');
  return perValue(readFields(options, 'fields'), (value, ref, index) => {
    const point = value.indexOf('.');
    if (point < 0 || value.length - point - 1 <= digits) return undefined;
    if (below !== '' && compareDecimals(value, below) !== -1) return undefined;
    return { places: [placeOf(ref, index)], facts: { digits } };
  });
};
