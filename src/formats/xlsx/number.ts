/** Turns the stored text of a number into the text a spreadsheet shows, by decimal arithmetic on text alone. */

/** Excel keeps and shows 15 significant digits. */
const significantDigits = 15;
/** No double has an exponent beyond this. */
const maxExponent = 400;

export type NumberText = {
  readonly text: string;
  /** `digits-lost`: more digits before the point than Excel keeps. `rounded`: shown with 15 significant digits, as Excel does. */
  readonly note?: 'digits-lost' | 'rounded';
};

/** Whether a stored number is plain and short enough to be passed on as it stands: the usual case, at the cost of one look. */
export function isPlainNumber(raw: string): boolean {
  if (raw.length > significantDigits) return false;
  let points = 0;
  let digits = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw.charCodeAt(at);
    if (character >= 0x30 && character <= 0x39) digits += 1;
    else if (character === 0x2e && at > 0) points += 1;
    else if (character !== 0x2d || at > 0) return false;
  }
  return digits > 0 && points < 2;
}

/** Absent where the text is not a number. Exponents are expanded; digits are kept as long as the file holds them. */
export function numberText(raw: string): NumberText | undefined {
  const parts = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d+))?$/u.exec(
    raw,
  )?.groups;
  if (parts === undefined) return undefined;
  const { sign = '', whole = '', fraction = '', exponent } = parts;
  const shift = Number(exponent ?? '0');
  if (whole.length + fraction.length === 0 || Math.abs(shift) > maxExponent) return undefined;
  const minus = sign === '-' ? '-' : '';
  const digits = (whole + fraction).replace(/^0+/u, '');
  const significant = digits.replace(/0+$/u, '');
  /** Digits before the decimal point; zero or less where the number is below one. */
  const point = digits.length - fraction.length + shift;
  if (significant === '') return { text: exponent === undefined ? minus + whole + pointed(fraction) : '0' };
  if (point > significantDigits) {
    return {
      text: exponent === undefined ? minus + whole + pointed(fraction) : minus + placed(significant, point),
      note: 'digits-lost',
    };
  }
  if (significant.length > significantDigits)
    return { text: minus + rounded(significant, point), note: 'rounded' };
  return {
    text: exponent === undefined ? minus + whole + pointed(fraction) : minus + placed(significant, point),
  };
}

/** `15%` for `0.15`: what the clerk sees, with every digit the file has. */
export function percentText(plain: string): string {
  const minus = plain.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = plain.slice(minus.length).split('.');
  const digits = (whole + fraction.padEnd(2, '0')).replace(/^0+/u, '');
  if (/^0*$/u.test(digits)) return '0%';
  const point = digits.length - Math.max(fraction.length, 2) + 2;
  return `${minus}${placed(digits.replace(/0+$/u, ''), point)}%`;
}

/** `0000123456` for `123456` under the format `0000000000`. Absent where nothing has to be restored. */
export function paddedText(plain: string, digits: number): string | undefined {
  const minus = plain.startsWith('-') ? '-' : '';
  const whole = plain.slice(minus.length);
  return /^\d+$/u.test(whole) && whole.length < digits ? minus + whole.padStart(digits, '0') : undefined;
}

function rounded(significant: string, point: number): string {
  const kept = BigInt(significant.slice(0, significantDigits));
  const up = significant.charCodeAt(significantDigits) >= 0x35;
  const text = String(up ? kept + 1n : kept);
  return placed(text.replace(/0+$/u, ''), point + text.length - significantDigits);
}

/** Digits without leading or trailing zeros, and where their decimal point stands. */
function placed(digits: string, point: number): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return digits.padEnd(point, '0');
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function pointed(fraction: string): string {
  return fraction === '' ? '' : `.${fraction}`;
}
