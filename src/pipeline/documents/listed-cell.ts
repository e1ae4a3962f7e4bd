/** One number of the other file: its cell's text and unit made exact decimals in the declaration's unit, or said to be unreadable. */
import type { DocumentElement } from '../../model/document.ts';
import type { CellNote, SourceRow } from '../../model/row.ts';
import type { Pack } from '../../pack/pack.ts';
import { scaledUnits } from './totals.ts';

const doubtful: ReadonlySet<CellNote['kind']> = new Set([
  'digits-lost',
  'error-value',
  'not-calculated',
  'impossible-date',
]);
const withUnit = /^([+-]?[\d.,\s]*\d)\s*([^\d\s.,][^\d]*)$/u;

/** Whether the reader found something in the cell that makes its text no value. */
export function isDoubtful({ notes = [] }: SourceRow, column: number): boolean {
  return notes.some((note) => note.column === column && doubtful.has(note.kind));
}

/** How a cell came by its text: its own, from the one above it, or from one further left. */
export function mergedFrom({ notes = [] }: SourceRow, column: number): 'itself' | 'above' | 'left' {
  const note = notes.find((each) => each.column === column && each.kind === 'merged');
  if (note === undefined) return 'itself';
  return note.isAcross === true ? 'left' : 'above';
}

/** × 10^10; undefined where it cannot be read exactly. */
export function listedUnits(
  text: string,
  unitBeside: string,
  { from, listed }: DocumentElement,
  { parseCell }: Pick<Pack, 'parseCell'>,
): bigint | undefined {
  if (!('field' in from) || !listed) return undefined;
  const plain = text.normalize('NFKC').trim();
  const [, digits = plain, unitInCell = ''] = withUnit.exec(plain) ?? [];
  const unit = (unitInCell || unitBeside).normalize('NFKC').replaceAll('.', '').trim().toUpperCase();
  const factor = unit === '' ? '1' : listed.units.get(unit);
  const { value, issues = [] } = parseCell(from.field, digits.trim());
  if (factor === undefined || value.startsWith('-') || issues.some(({ severity }) => severity === 'error'))
    return undefined;
  return scaledUnits(value, factor);
}
