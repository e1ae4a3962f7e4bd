/** Rows as a spreadsheet shows them. */

/** Where a row stands. `line` counts from 1, as the spreadsheet shows it; in a CSV it is the physical line on which the record begins. */
export type RowRef = { readonly file: string; readonly sheet?: string; readonly line: number };
export type Rows = readonly [RowRef, ...RowRef[]];

/** What a spreadsheet cell held before it became text. In a CSV every cell is `text`. */
export const cellKind = { text: 0, number: 1, date: 2, boolean: 3, error: 4, uncalculated: 5 } as const;
export type CellKind = (typeof cellKind)[keyof typeof cellKind];

/** Something the reader did to, or found in, one cell, which a person should know. */
export type CellNote = {
  /** From 0. */
  readonly column: number;
  /** `merged`: filled from the merged range's first cell. `digits-lost`: a number of more than 15 digits, or in scientific notation, whose digits the spreadsheet threw away. `padded`: leading zeros restored from the cell's number format. `rounded`: shown with the 15 significant digits, or the part of a date, that the spreadsheet shows; `raw` has the rest. `date-1900-02-29` … : see each problem `cell/<kind>`. */
  readonly kind:
    | 'merged'
    | 'digits-lost'
    | 'padded'
    | 'error-value'
    | 'not-calculated'
    | 'external-formula'
    | 'hidden'
    | 'impossible-date'
    | 'rounded';
  /** What stood in the file, as it stood, where that differs from the cell's text. */
  readonly raw?: string;
  /** Of `merged`: the value is one of a column further left. */
  readonly isAcross?: true;
};

export type SourceRow = {
  readonly line: number;
  /** Text of each cell, from column A. `''` is an empty cell. Cells past the end are empty. */
  readonly cells: readonly string[];
  /** One `CellKind` a cell; absent where all are text. */
  readonly kinds?: Uint8Array;
  readonly notes?: readonly CellNote[];
  /** The row is hidden in the spreadsheet. */
  readonly isHidden?: true;
};

/** `A`, `B`, … `Z`, `AA` for columns from 0. */
export function columnName(column: number): string {
  let name = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** `F12`: the name of a cell, its column counted from 0. */
export function cellName(column: number, line: number): string {
  return `${columnName(column)}${line}`;
}
