/** Exact arithmetic on decimal text: whole numbers of the smallest unit, never floats. */

const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

/**
 * The value × 10^`scale` as a safe integer, for `scale` up to 10. NaN where the text is no decimal, has more digits after
 * the point than `scale`, or is too large to be exact: then `bigUnits` decides.
 */
export function units(text: string, scale: number): number {
  const isNegative = text.charCodeAt(0) === 45;
  let value = 0;
  let fraction = -1;
  let digits = 0;
  for (let i = isNegative ? 1 : 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 46 && fraction < 0) {
      fraction = 0;
      continue;
    }
    if (char < 48 || char > 57) return Number.NaN;
    value = value * 10 + (char - 48);
    digits++;
    if (fraction >= 0) fraction++;
  }
  const missing = scale - Math.max(fraction, 0);
  const power = powers[missing];
  if (digits === 0 || digits > 15 || power === undefined) return Number.NaN;
  const scaled = value * power;
  if (scaled > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return isNegative && scaled !== 0 ? -scaled : scaled;
}

/** The same without bounds. Undefined where the text is no decimal or has more digits after the point. */
export function bigUnits(text: string, scale: number): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/u.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > scale) return undefined;
  return BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
}

/** Canonical decimal text of `units` × 10^-`scale`. */
export function decimalText(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/u, '');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' || scale === 0 ? '' : `.${fraction}`}`;
}

function fractionLength(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** -1, 0 or 1; undefined where one of them is no decimal with at most 10 digits after the point. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 | undefined {
  const scale = Math.max(fractionLength(a), fractionLength(b));
  const fast = units(a, scale) - units(b, scale);
  if (!Number.isNaN(fast)) return fast < 0 ? -1 : fast > 0 ? 1 : 0;
  if (scale > 10) return undefined;
  const left = bigUnits(a, scale);
  const right = bigUnits(b, scale);
  if (left === undefined || right === undefined) return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Half up, to the nearest multiple of `divisor`, divided by it; of magnitudes (a negative rounds as its positive does). */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const half = (value < 0n ? -divisor : divisor) / 2n;
  return (value + half) / divisor;
}
