/** What the number in a cell means under the cell's number format. */
import { cellKind } from '../../model/row.ts';
import type { CellKind, CellNote } from '../../model/row.ts';
import { serialText } from './date.ts';
import { isPlainNumber, numberText, paddedText, percentText } from './number.ts';
import type { NumberFormat } from './number-format.ts';

export type CellText = {
  readonly text: string;
  readonly kind: CellKind;
  readonly note?: CellNote['kind'] | undefined;
};

/** `raw` is the stored text of a cell of type number; what is no number at all stays text. */
export function cellText(raw: string, format: NumberFormat | undefined, uses1904: boolean): CellText {
  const number = isPlainNumber(raw) ? { text: raw } : numberText(raw.trim());
  if (number === undefined) return { text: raw, kind: cellKind.text };
  if (format === undefined || format.kind === 'general') return { ...number, kind: cellKind.number };
  if (format.kind === 'date' || format.kind === 'elapsed') {
    const { text, note, isNumber } = serialText(number.text, format, uses1904);
    return { text, note, kind: isNumber === true ? cellKind.number : cellKind.date };
  }
  if (format.kind === 'percent') return { ...number, text: percentText(number.text), kind: cellKind.number };
  const padded = paddedText(number.text, format.digits);
  return padded === undefined
    ? { ...number, kind: cellKind.number }
    : { text: padded, kind: cellKind.number, note: 'padded' };
}
