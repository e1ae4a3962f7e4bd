/** Numbers as decimal text: exact, in one spelling, so that equal numbers have equal digests. */
import { visible } from './parse-text.ts';
import type { CellIssue, Parsed } from './parse-text.ts';

/** Already in the one spelling: no leading zero, no trailing zero after the point. */
const canonical = /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/u;
const number = /^([+-]?)(\d*)(?:\.(\d*))?$/u;
/** `1,234.50`, `1,234,567`, `12 345.6`: groups of three, and a point or a second group to prove them. */
const grouped = /^[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d*)?|,\d{3}\.\d*|(?: \d{3})+(?:\.\d*)?)$/u;
const oneGroup = /^[+-]?[1-9]\d{0,2},\d{3}$/u;
const withUnit = /^([+-]?[\d., ]*\d)\s*([^\d\s.,][^\d]*)$/u;
/** As a scan or a hurried hand writes digits; an `l` behind a number may be litres. */
const withLetters = /^[+-]?(?=.*\d)(?=.*[OoIl])[\dOoIl.,]*[\dOoI]$/u;
const withSign = /^(?:US|HK)?([$¥€£])\s*(.+)$/u;
const fullWidth = /[\uff01-\uff5e\u3000]/u;
const currency = /^(?:[A-Z]{3}|元|美元|[$¥€£])$/u;
const kilograms = /^(?:KGS?|KILOGRAMS?|千克|公斤)$/u;

export type NumberOptions = {
  readonly isInteger: boolean;
  readonly unit?: string;
  readonly isMoney: boolean;
};

function failure(value: string, code: CellIssue['code'], facts: CellIssue['facts'] = {}): Parsed {
  return { value, issues: [{ code, severity: 'error', facts }] };
}

function spell(text: string): string | undefined {
  const match = number.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const integer = whole.replace(/^0+(?=\d)/u, '') || '0';
  const rest = fraction.replace(/0+$/u, '');
  const digits = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** What was read as another character than the one that stands there. */
function rewritten(shown: string, plain: string, joined: string): CellIssue['code'][] {
  const codes: CellIssue['code'][] = [];
  if (fullWidth.test(shown)) codes.push('value/half-width');
  if (joined !== plain) codes.push('value/grouping-removed');
  return codes;
}

function removed(
  text: string,
  what: string,
  severity: CellIssue['severity'],
  options: NumberOptions,
  shown: string,
): Parsed {
  const inner = parseNumber(text, { ...options, isMoney: false, unit: '' });
  if (inner.issues?.some((issue) => issue.severity === 'error')) return failure(shown, 'value/not-a-number');
  const code = severity === 'info' ? 'value/unit-removed' : 'value/sign-removed';
  return {
    value: inner.value,
    issues: [...(inner.issues ?? []), { code, severity, facts: { removed: what, used: inner.value } }],
  };
}

/** `unit`: a mass in kilograms may carry its unit. `isMoney`: a currency sign is taken off, with a warning. */
export function parseNumber(text: string, options: NumberOptions): Parsed {
  if (!options.isInteger && canonical.test(text)) return { value: text };
  const shown = visible(text);
  const plain = shown
    .normalize('NFKC')
    .replaceAll(/[\u2212\u2013]/gu, '-')
    .trim();
  const joined = grouped.test(plain) ? plain.replaceAll(/[, ]/gu, '') : plain;
  const value = spell(joined);
  if (value !== undefined) {
    if (options.isInteger && value.includes('.')) return failure(shown, 'value/not-an-integer');
    const codes = rewritten(shown, plain, joined);
    return codes.length === 0
      ? { value }
      : { value, issues: codes.map((code) => ({ code, severity: 'info', facts: { used: value } })) };
  }
  if (oneGroup.test(plain)) {
    const readings = [plain.replace(',', ''), plain.replace(',', '.')];
    return failure(shown, 'value/ambiguous-number', { readings });
  }
  if (withLetters.test(plain)) {
    const letters = [...new Set(plain.match(/[OoIl]/gu))];
    const meant = plain.replaceAll(/[Oo]/gu, '0').replaceAll(/[Il]/gu, '1');
    return failure(shown, 'value/letter-for-digit', { letters, meant });
  }
  const sign = withSign.exec(plain);
  if (sign !== null && options.isMoney)
    return removed(sign[2] ?? '', sign[1] ?? '', 'warning', options, shown);
  const [, digits, unit = ''] = withUnit.exec(plain) ?? [];
  if (digits === undefined) return failure(shown, 'value/not-a-number');
  const word = unit.trim().toUpperCase();
  if (options.unit === 'kg' && kilograms.test(word))
    return removed(digits, unit.trim(), 'info', options, shown);
  if (options.isMoney && (currency.test(word) || word === '%'))
    return removed(digits, unit.trim(), 'warning', options, shown);
  return spell(digits) === undefined
    ? failure(shown, 'value/not-a-number')
    : failure(shown, 'value/other-unit', { unit: unit.trim() });
}
