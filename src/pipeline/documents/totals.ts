/** Sums of decimal text, exact, with the cells that they were added up from. */
import { bigUnits, decimalText } from '../../pack/rules/decimal.ts';
import { type Cell, cellLabel } from './cell.ts';

const scale = 10;
const mostCells = 5;

export type Total = {
  /** × 10^10; undefined once something was added that is no number. */
  units: bigint | undefined;
  count: number;
  /** The first five. */
  cells: readonly Cell[];
  /** Of those that are no numbers, the first five. */
  unreadable?: readonly Cell[];
  /** Merged cells that other bills or columns stand in as well, the first five. */
  shared?: readonly Cell[];
};

export function emptyTotal(): Total {
  return { units: 0n, count: 0, cells: [] };
}

/** `units` undefined: the cell is no number. */
export function addTo(total: Total, units: bigint | undefined, cell: Cell): void {
  countCell(total, cell);
  if (units === undefined) total.unreadable = firstOf(total.unreadable ?? [], [cell]);
  total.units = total.units === undefined || units === undefined ? undefined : total.units + units;
}

function countCell(total: Total, cell: Cell): void {
  total.count += 1;
  total.cells = firstOf(total.cells, [cell]);
}

/** A cell that is merged with `others`: their number stands for all of them, and is of none alone. */
export function addShared(total: Total, cell: Cell, others: readonly Cell[]): void {
  countCell(total, cell);
  share(total, [...others, cell]);
}

/** What was added before turns out to be a number for others too. */
export function share(total: Total, cells: readonly Cell[]): void {
  const known = new Set(total.shared);
  total.shared = firstOf(
    total.shared ?? [],
    cells.filter((cell) => !known.has(cell)),
  );
  total.units = undefined;
}

/** A new list of just its length: one that grows keeps room for seventeen, and there is one of these for each bill. */
function firstOf(cells: readonly Cell[], more: readonly Cell[]): readonly Cell[] {
  if (cells.length >= mostCells || more.length === 0) return cells;
  return [...cells, ...more].slice(0, mostCells);
}

export function joinTotals(totals: Iterable<Total>): Total {
  const joined = emptyTotal();
  for (const { units, cells, unreadable, shared, count } of totals) {
    joined.count += count;
    joined.cells = firstOf(joined.cells, cells);
    if (unreadable) joined.unreadable = firstOf(joined.unreadable ?? [], unreadable);
    if (shared) joined.shared = firstOf(joined.shared ?? [], shared);
    joined.units = joined.units === undefined || units === undefined ? undefined : joined.units + units;
  }
  return joined;
}

/** The cells in words; how many more there are. */
export function cellsOf({ cells, count }: Total): readonly string[] {
  const more = count - cells.length;
  return [...cells.map(cellLabel), ...(more > 0 ? [`… +${more}`] : [])];
}

/** Undefined for what is no decimal of at most ten digits after the point. */
export function unitsOf(text: string): bigint | undefined {
  return bigUnits(text, scale);
}

/** `value` × `factor`, both decimal text; undefined where that is not exact. */
export function scaledUnits(value: string, factor: string): bigint | undefined {
  const [left, right] = [unitsOf(value), unitsOf(factor)];
  if (left === undefined || right === undefined) return undefined;
  const product = left * right;
  const one = 10n ** BigInt(scale);
  return product % one === 0n ? product / one : undefined;
}

export function textOf(units: bigint): string {
  return decimalText(units, scale);
}
