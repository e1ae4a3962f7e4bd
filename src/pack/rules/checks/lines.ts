/** Goods lines and what refers to them. */
import { compareDecimals } from '../decimal.ts';
import { listed, nothing, perEntry, placeOf, refOf } from '../field.ts';
import { readField, readFields, readTable, readText } from '../options.ts';
import type { CheckFactory, Finding } from '../rule.ts';

/** `field` counts 1, 2, 3 … in the order of the lines. */
export const consecutive: CheckFactory = (options) => {
  const ref = refOf(readField(options, 'field'));
  return perEntry(ref.segment, (entry, index = 0) => {
    const value = entry[ref.tag] ?? '';
    if (value === '' || value === String(index + 1)) return undefined;
    return { places: [placeOf(ref, index)], facts: { expected: index + 1 } };
  });
};

/** No two entries agree in all of `fields`. Entries that lack one of them are left alone. */
export const unique: CheckFactory = (options) => {
  const refs = readFields(options, 'fields').map(refOf);
  const [first] = refs;
  if (first === undefined) throw new TypeError('"fields" names no field');
  return (content) => {
    const entries = listed(content, first.segment);
    if (entries.length < 2) return nothing;
    const seen = new Map<string, number>();
    let found: Finding[] | undefined;
    entries.forEach((entry, index) => {
      const values = refs.map(({ tag }) => entry[tag] ?? '');
      if (values.includes('')) return;
      const key = values.join('\n');
      const earlier = seen.get(key);
      if (earlier === undefined) seen.set(key, index);
      else
        (found ??= []).push({
          places: [placeOf(first, index), placeOf(first, earlier)],
          facts: { earlier: earlier + 1 },
        });
    });
    return found ?? nothing;
  };
};

/** Every number in `field`, parted by `separator`, is a goods number (`of`). */
export const refersToLines: CheckFactory = (options) => {
  const ref = refOf(readField(options, 'field'));
  const of = refOf(readField(options, 'of'));
  const separator = readText(options, 'separator');
  return perEntry(ref.segment, (entry, index, content) => {
    const value = entry[ref.tag] ?? '';
    const lines = listed(content, of.segment);
    if (value === '' || lines.length === 0) return undefined;
    const isLine = (number: string) => lines.some((line) => line[of.tag] === number);
    if (isLine(value)) return undefined;
    const missing = (separator === '' ? [value] : value.split(separator)).filter((number) => !isLine(number));
    return missing.length === 0
      ? undefined
      : { places: [placeOf(ref, index)], facts: { missing, lines: lines.length } };
  });
};

/** All lines have one value of `field`. */
export const allTheSame: CheckFactory = (options) => {
  const ref = refOf(readField(options, 'field'));
  return (content) => {
    const lines = listed(content, ref.segment);
    const firstAt = lines.findIndex((line) => (line[ref.tag] ?? '') !== '');
    const first = lines[firstAt]?.[ref.tag] ?? '';
    const otherAt = lines.findIndex((line) => (line[ref.tag] ?? '') !== '' && line[ref.tag] !== first);
    if (otherAt < 0) return nothing;
    const values = [...new Set(lines.map((line) => line[ref.tag] ?? ''))].filter((value) => value !== '');
    return [{ places: [placeOf(ref, otherAt), placeOf(ref, firstAt)], facts: { values } }];
  };
};

/** `pairs`: unit, quantity, unit, quantity: equal units have equal quantities. */
export const sameUnitSameQuantity: CheckFactory = (options) => {
  const lines = readText(options, 'lines');
  const pairs = readTable(options, 'pairs').map(
    ([unit = '', quantity = '', otherUnit = '', otherQuantity = '']) => ({
      unit,
      quantity,
      otherUnit,
      otherQuantity,
    }),
  );
  return perEntry(lines, (entry, index) => {
    for (const { unit, quantity, otherUnit, otherQuantity } of pairs) {
      const a = entry[quantity] ?? '';
      const b = entry[otherQuantity] ?? '';
      if (a === b || a === '' || b === '' || entry[unit] !== entry[otherUnit] || (entry[unit] ?? '') === '')
        continue;
      const order = compareDecimals(a, b);
      if (order === 0 || order === undefined) continue;
      const places = [otherQuantity, quantity].map((tag) => placeOf({ segment: lines, tag }, index));
      return { places, facts: { quantity: a, statutory: b } };
    }
    return undefined;
  });
};
