/** The form of a value. */
import { perValue, placeOf } from '../field.ts';
import { readFields, readText, readTexts } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

/** `fields`, a regular expression (`pattern`), and values that are let pass (`except`). */
export const pattern: CheckFactory = (options) => {
  // Without the u flag a negated class is much faster; the patterns name no character beyond the basic plane.
  const form = new RegExp(readText(options, 'pattern'));
  const except = readTexts(options, 'except');
  return perValue(readFields(options, 'fields'), (value, ref, index) =>
    form.test(value) || except.includes(value) ? undefined : { places: [placeOf(ref, index)] },
  );
};
