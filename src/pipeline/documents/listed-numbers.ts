/** The numbers of one row of the other file, added to those of its bill; one that is merged over several bills is of none of them alone. */
import type { RowRef, SourceRow } from '../../model/row.ts';
import { flat } from '../flat.ts';
import type { Cell } from './cell.ts';
import { comparedOf } from './declared.ts';
import type { Listed, Reading } from './listed.ts';
import { isDoubtful, listedUnits, mergedFrom } from './listed-cell.ts';
import type { FoundColumn, ListedColumns } from './listed-columns.ts';
import { addShared, addTo, share } from './totals.ts';

/** The last cell of a column that is no copy of the one above it, and the bill whose number it is. */
export type OwnCell = { readonly cell: Cell; readonly of?: Listed };

export type RowContext = {
  readonly reading: Reading;
  /** By element. A merged cell says its number once, for the bill of its first row. */
  readonly lastOwn: Map<string, OwnCell>;
  readonly ref: RowRef;
};

/** A row without a bill adds nothing, but a cell of its own may be merged down to rows that have one. */
export function addNumbers(
  row: SourceRow,
  { columns }: ListedColumns,
  { reading: { spec, pack }, lastOwn, ref }: RowContext,
  listed?: Listed,
): void {
  for (const [at, element] of comparedOf(spec).entries()) {
    const place = columns.get(element.name);
    if (!place) continue;
    const total = listed?.totals[at];
    const { column, header } = place;
    const { text, unit, value } = numberIn(row, place);
    const cell: Cell = { row: ref, column, header, value };
    const from = mergedFrom(row, column);
    const own = lastOwn.get(element.name);
    if (from !== 'above') lastOwn.set(element.name, { cell, ...(listed ? { of: listed } : {}) });
    if (!total) continue;
    if (from === 'itself')
      addTo(total, isDoubtful(row, column) ? undefined : listedUnits(text, unit, element, pack), cell);
    else if (from === 'left') addShared(total, cell, []);
    else if (own === undefined) addShared(total, cell, []);
    else if (own.of !== listed) {
      const first = own.of?.totals[at];
      if (first) share(first, [own.cell, cell]);
      addShared(total, cell, [own.cell]);
    }
  }
}

/** A unit in a column of its own is shown beside the number: the header does not show it. */
function numberIn(
  { cells }: SourceRow,
  { column, unitColumn, unit: ofHeader }: FoundColumn,
): { readonly text: string; readonly unit: string; readonly value: string } {
  const text = (cells[column] ?? '').trim();
  if (unitColumn === undefined) return { text, unit: ofHeader, value: flat(text) };
  const unit = (cells[unitColumn] ?? '') || ofHeader;
  return { text, unit, value: flat(unit === '' ? text : `${text} ${unit}`) };
}
