/** Merged ranges, met in the order of their rows: which cells of a row lie in which range. */
import { refusal } from './refusal.ts';

/** Rows and columns both from 0 for columns, 1 for lines, bounds included. */
export type Merge = {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
};

/** Far more than an honest workbook has: two ranges for every row of a sheet. */
const maxMerges = 2_097_152;
/** A title merged over the whole width fills no more than this many cells of its row. */
const maxFilledWidth = 256;
/** Cells that merged ranges may fill in one sheet: 50 columns merged down 300,000 rows are 15 million. */
const maxFilledCells = 16_777_216;

/** `B2:C4`. Undefined for a range of one cell, and for what is no range. */
export function parseMerge(text: string | undefined): Merge | undefined {
  const parts = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/iu.exec(text?.trim() ?? '');
  if (parts === null) return undefined;
  const [, left = '', top = '', right = '', bottom = ''] = parts;
  const columns = [columnIndex(left), columnIndex(right)].toSorted((a, b) => a - b);
  const lines = [Number(top), Number(bottom)].toSorted((a, b) => a - b);
  const merge = { left: columns[0] ?? 0, right: columns[1] ?? 0, top: lines[0] ?? 0, bottom: lines[1] ?? 0 };
  return merge.left === merge.right && merge.top === merge.bottom ? undefined : merge;
}

function columnIndex(letters: string): number {
  let index = 0;
  for (const letter of letters.toUpperCase()) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

export type MergeList = {
  readonly add: (merge: Merge | undefined) => void;
  readonly all: () => readonly Merge[];
};

export function mergeList(sheet: string): MergeList {
  const merges: Merge[] = [];
  return {
    add(merge) {
      if (merge === undefined) return;
      if (merges.length >= maxMerges) throw refusal('sheet/too-many-merges', { sheet, limit: maxMerges });
      merges.push(merge);
    },
    all: () => merges.toSorted((a, b) => a.top - b.top || a.left - b.left),
  };
}

/** Whether two ranges share a cell among those that can be filled. `merges` sorted by their tops. */
export function doOverlap(merges: readonly Merge[]): boolean {
  const taken = new Int32Array(16_384);
  for (const { left, right, top, bottom } of merges) {
    const end = Math.min(right + 1, left + maxFilledWidth, taken.length);
    for (let column = left; column < end; column += 1) {
      if ((taken[column] ?? 0) >= top) return true;
      taken[column] = bottom;
    }
  }
  return false;
}

export type MergeCursor = {
  /** Goes to a row; rows only ascend. */
  readonly enter: (line: number) => void;
  /** Columns below this may lie in a merged range of the current row. */
  readonly width: () => number;
  /** The index of the range that a column of the current row lies in, or -1. */
  readonly at: (column: number) => number;
  /** Counts a filled cell against the limit. */
  readonly filled: () => void;
};

/** `merges` sorted by their tops. Of two ranges that overlap, the one met first holds. */
export function mergeCursor(sheet: string, merges: readonly Merge[], columns: number): MergeCursor {
  const owner = new Int32Array(columns).fill(-1);
  let next = 0;
  let width = 0;
  let cells = 0;
  let line = 0;
  const isActive = (index: number): boolean => index !== -1 && (merges[index]?.bottom ?? 0) >= line;

  function activate(index: number, merge: Merge): void {
    const end = Math.min(merge.right + 1, merge.left + maxFilledWidth, columns);
    for (let column = merge.left; column < end; column += 1) {
      if (!isActive(owner[column] ?? -1)) owner[column] = index;
    }
    width = Math.max(width, end);
  }
  return {
    enter(entered) {
      line = entered;
      for (let merge = merges[next]; merge !== undefined && merge.top <= line; merge = merges[next]) {
        if (merge.bottom >= line) activate(next, merge);
        next += 1;
      }
      while (width > 0 && !isActive(owner[width - 1] ?? -1)) width -= 1;
    },
    width: () => width,
    at(column) {
      const index = owner[column] ?? -1;
      return isActive(index) ? index : -1;
    },
    filled() {
      cells += 1;
      if (cells > maxFilledCells) throw refusal('sheet/too-many-merges', { sheet, limit: maxFilledCells });
    },
  };
}
