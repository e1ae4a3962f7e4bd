/** Which values a field may have. */
import { nothing, perValue, placeOf, refOf, valueOf } from '../field.ts';
import { compileModeTable } from '../mode-table.ts';
import { readCount, readField, readFields, readTexts } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

/** Each of `fields` is one of `values`. */
export const oneOf: CheckFactory = (options) => {
  const values = readTexts(options, 'values');
  return perValue(readFields(options, 'fields'), (value, ref, index) =>
    values.includes(value) ? undefined : { places: [placeOf(ref, index)], facts: { allowed: values } },
  );
};

/** The first `length` characters of `field` (0: the whole) are what the table of modes has, values parted by spaces. */
export const byMode: CheckFactory = (options) => {
  const allowedFor = compileModeTable(options);
  const keys = readFields(options, 'keys').map((path) => placeOf(refOf(path)));
  const field = refOf(readField(options, 'field'));
  const length = readCount(options, 'length');
  return (content) => {
    const value = valueOf(content, field);
    if (value === '') return nothing;
    const allowed = allowedFor(content)?.split(' ');
    if (allowed === undefined || allowed.includes(length === 0 ? value : value.slice(0, length)))
      return nothing;
    const others = keys.filter(({ tag }) => tag !== field.tag);
    return [{ places: [placeOf(field), ...others.slice(1)], facts: { allowed } }];
  };
};

/** `part` of the declaration: `whole`'s characters `from` to `to` (not included). */
export const partOf: CheckFactory = (options) => {
  const part = refOf(readField(options, 'part'));
  const whole = refOf(readField(options, 'whole'));
  const from = readCount(options, 'from');
  const to = readCount(options, 'to');
  return (content) => {
    const value = valueOf(content, part);
    const source = valueOf(content, whole);
    const expected = source.slice(from, to);
    if (value === '' || source.length < to || value === expected) return nothing;
    return [{ places: [placeOf(part), placeOf(whole)], facts: { expected, whole: source } }];
  };
};
