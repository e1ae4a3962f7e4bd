/** Total = quantity × unit price, within what rounding the price to 4 digits can explain. */
import { bigUnits, decimalText, divideRounded, units } from '../decimal.ts';
import { perEntry, placeOf, refOf } from '../field.ts';
import { readField } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

/** 10⁻⁹: quantity has 5 digits after the point, price 4. Tolerance: the larger of 0.01 and quantity × 0.00005. */
function isClose(quantity: string, price: string, total: string): boolean {
  const q = units(quantity, 5);
  const p = units(price, 4);
  const t = units(total, 9);
  const product = q * p;
  if (Math.abs(product) <= Number.MAX_SAFE_INTEGER && !Number.isNaN(t)) {
    return Math.abs(product - t) <= Math.max(1e7, Math.abs(q) / 2);
  }
  return isCloseBig(quantity, price, total);
}

function isCloseBig(quantity: string, price: string, total: string): boolean {
  const q = bigUnits(quantity, 5);
  const p = bigUnits(price, 4);
  const t = bigUnits(total, 9);
  if (q === undefined || p === undefined || t === undefined) return true;
  const difference = q * p - t;
  const twice = (difference < 0n ? -difference : difference) * 2n;
  return twice <= 20_000_000n || twice <= (q < 0n ? -q : q);
}

/** Rounded to cents, half up. Undefined where one of them is no decimal. */
export function productText(quantity: string, price: string): string | undefined {
  const q = bigUnits(quantity, 5);
  const p = bigUnits(price, 4);
  return q === undefined || p === undefined ? undefined : decimalText(divideRounded(q * p, 10_000_000n), 2);
}

/** `quantity`, `price`, `total`: fields of one segment. */
export const productEquals: CheckFactory = (options) => {
  const quantity = refOf(readField(options, 'quantity'));
  const price = refOf(readField(options, 'price'));
  const total = refOf(readField(options, 'total'));
  return perEntry(total.segment, (entry, index) => {
    const q = entry[quantity.tag] ?? '';
    const p = entry[price.tag] ?? '';
    const t = entry[total.tag] ?? '';
    if (q === '' || p === '' || t === '' || isClose(q, p, t)) return undefined;
    return {
      places: [placeOf(total, index), placeOf(quantity, index), placeOf(price, index)],
      facts: { quantity: q, price: p, total: t, product: productText(q, p) ?? '' },
    };
  });
};
