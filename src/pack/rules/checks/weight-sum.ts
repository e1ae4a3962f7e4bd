/** The weights of the goods lines, as far as they are known, do not exceed the net weight. */
import { bigUnits, decimalText, units } from '../decimal.ts';
import { listed, nothing, placeOf, refOf, valueOf } from '../field.ts';
import { readField, readTable, readText } from '../options.ts';
import type { CheckFactory, Entry } from '../rule.ts';

/** `total` (kg); `weights`: pairs of quantity and unit tags, the first in kilograms or grams counts; `kilogram`, `gram`: unit codes. */
export const weightSum: CheckFactory = (options) => {
  const total = refOf(readField(options, 'total'));
  const pairs = readTable(options, 'weights').map(([quantity = '', unit = '']) => ({ quantity, unit }));
  const lines = readText(options, 'lines');
  const scales = new Map([
    [readText(options, 'kilogram'), 8],
    [readText(options, 'gram'), 5],
  ]);
  /** The quantity and its scale, so that all become 10⁻⁸ kg. */
  const weightOf = (entry: Entry): { readonly quantity: string; readonly scale: number } | undefined => {
    for (const { quantity, unit } of pairs) {
      const scale = scales.get(entry[unit] ?? '');
      const value = entry[quantity] ?? '';
      if (scale !== undefined && value !== '') return { quantity: value, scale };
    }
    return undefined;
  };
  return (content) => {
    const net = valueOf(content, total);
    if (net === '') return nothing;
    const entries = listed(content, lines);
    let sum = 0;
    for (const entry of entries) {
      const weight = weightOf(entry);
      if (weight !== undefined) sum += units(weight.quantity, weight.scale);
    }
    if (sum <= units(net, 8)) return nothing;
    let exact = 0n;
    for (const entry of entries) {
      const weight = weightOf(entry);
      const value = weight === undefined ? 0n : bigUnits(weight.quantity, weight.scale);
      if (value === undefined) return nothing;
      exact += value;
    }
    const limit = bigUnits(net, 8);
    if (limit === undefined || exact <= limit) return nothing;
    return [{ places: [placeOf(total)], facts: { sum: decimalText(exact, 8), net } }];
  };
};
