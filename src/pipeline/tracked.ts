/** What travels down the road: rows that are still live, or already decided. */
import type { RowRef } from '../model/row.ts';
import type { Decision } from '../model/result.ts';
import type { Problem } from '../model/problem.ts';

/** A row with its number in the run, from 0, in the order of reading. */
export type PlacedRow = RowRef & { readonly ordinal: number };
export type PlacedRows = readonly [PlacedRow, ...PlacedRow[]];

export type Live<T> = {
  readonly kind: 'live';
  readonly rows: PlacedRows;
  readonly value: T;
  readonly problems: readonly Problem[];
};
export type Decided = { readonly kind: 'decided'; readonly rows: PlacedRows; readonly decision: Decision };
export type Tracked<T> = Live<T> | Decided;
/** Chunks, pulled. */
export type Flow<T> = AsyncIterable<readonly Tracked<T>[]>;

/** Rows as the ledger and the results keep them: without their number. */
export function bareRow({ file, sheet, line }: RowRef): RowRef {
  return sheet === undefined ? { file, line } : { file, sheet, line };
}

/** Refused by us: these rows, for these problems. */
export function setAside(
  rows: PlacedRows,
  problems: readonly Problem[],
  more: Partial<Decision> = {},
): Decided {
  return {
    kind: 'decided',
    rows,
    decision: { rows, outcome: 'set-aside', receipts: [], problems, filled: [], ...more },
  };
}
