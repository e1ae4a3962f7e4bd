/** Check characters of company codes and container numbers. Says nothing about a code whose form is wrong. */
import { containerCheck, creditCodeCheck, organisationCodeCheck } from '../check-digits.ts';
import { perValue, placeOf } from '../field.ts';
import { readFields, readText, readTexts } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

const kinds = new Map<string, (code: string) => string | undefined>([
  ['credit-code', creditCodeCheck],
  ['organisation-code', organisationCodeCheck],
  ['organisation-code-in-credit-code', (code) => organisationCodeCheck(code.slice(8, 17))],
  ['container', containerCheck],
]);

/** `kind`, `fields`, and values that are let pass (`except`). */
export const checkDigit: CheckFactory = (options) => {
  const kind = readText(options, 'kind');
  const expectedOf = kinds.get(kind);
  if (expectedOf === undefined) throw new TypeError(`no check digit of kind "${kind}"`);
  const except = readTexts(options, 'except');
  const at = kind === 'organisation-code-in-credit-code' ? 16 : -1;
  return perValue(readFields(options, 'fields'), (value, ref, index) => {
    if (except.includes(value)) return undefined;
    const expected = expectedOf(value);
    if (expected === undefined || expected === value.at(at)) return undefined;
    return { places: [placeOf(ref, index)], facts: { expected, last: value.at(at) ?? '' } };
  });
};
