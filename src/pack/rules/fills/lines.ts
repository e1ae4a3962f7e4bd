/** Fills what the goods lines themselves make certain. */
import { productText } from '../checks/product-equals.ts';
import { bigUnits, decimalText } from '../decimal.ts';
import { listed, refOf } from '../field.ts';
import { readField, readTable, readText } from '../options.ts';
import type { FillFactory } from '../rule.ts';
import { putAll } from './put.ts';

/** `field` becomes 1, 2, 3 … in the order of the lines. */
export const lineNumber: FillFactory = (options, rule) => {
  const field = refOf(readField(options, 'field'));
  return (content, filled) => putAll(content, field, (_, index) => String(index + 1), rule, filled);
};

/** `field` becomes `quantity` × `price`, rounded to cents. */
export const product: FillFactory = (options, rule) => {
  const field = refOf(readField(options, 'field'));
  const quantity = refOf(readField(options, 'quantity')).tag;
  const price = refOf(readField(options, 'price')).tag;
  return (content, filled) =>
    putAll(content, field, (line) => productText(line[quantity] ?? '', line[price] ?? ''), rule, filled);
};

/** Undefined where it does not come out even within 4 digits after the point. */
function priceOf(total: string, quantity: string): string | undefined {
  const t = bigUnits(total, 9);
  const q = bigUnits(quantity, 5);
  if (t === undefined || q === undefined || q <= 0n || t % q !== 0n) return undefined;
  return decimalText(t / q, 4);
}

/** `field` becomes `total` ÷ `quantity` where that comes out even within 4 digits after the point. */
export const quotient: FillFactory = (options, rule) => {
  const field = refOf(readField(options, 'field'));
  const quantityTag = refOf(readField(options, 'quantity')).tag;
  const totalTag = refOf(readField(options, 'total')).tag;
  return (content, filled) =>
    putAll(content, field, (line) => priceOf(line[totalTag] ?? '', line[quantityTag] ?? ''), rule, filled);
};

/** `pairs`: quantity to fill, its unit, the quantity and unit it equals. */
export const sameUnit: FillFactory = (options, rule) => {
  const lines = readText(options, 'lines');
  const pairs = readTable(options, 'pairs');
  return (content, filled) => {
    for (const [tag = '', unit = '', from = '', fromUnit = ''] of pairs) {
      const quantityOf = (line: Readonly<Record<string, string>>) =>
        (line[unit] ?? '') !== '' && line[unit] === line[fromUnit] ? line[from] : undefined;
      putAll(content, { segment: lines, tag }, quantityOf, rule, filled);
    }
  };
};

/** `field` of the only entry names every goods line (`of`), parted by commas. */
export const onlyHoldsAll: FillFactory = (options, rule) => {
  const field = refOf(readField(options, 'field'));
  const of = refOf(readField(options, 'of'));
  return (content, filled) => {
    const numbers = listed(content, of.segment).map((line) => line[of.tag] ?? '');
    if (listed(content, field.segment).length !== 1 || numbers.includes('')) return;
    putAll(content, field, () => numbers.join(','), rule, filled);
  };
};
