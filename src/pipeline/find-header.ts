/** Finds the header of a table: the row that holds the most labels which are known, and the header rows beside it. */
import type { SourceRow } from '../model/row.ts';

/** How far down a header may stand. */
export const headerSearchRows = 50;

export type Header = {
  /** The line that holds most labels: what problems of the header point to. */
  readonly line: number;
  /** The last line of the header: data begins below it. */
  readonly lastLine: number;
  /** For each column, what may be its label, the best first: the label of this row, the label above it joined with it, the label of another header row. */
  readonly labels: readonly (readonly string[])[];
};

/**
 * The header, or nothing where no row holds two known labels (one, in a table of one or two columns).
 * `isKnown` is asked with each cell's text as it stands. A row with as many known labels as an earlier one does not win.
 */
export function findHeader(
  rows: readonly SourceRow[],
  isKnown: (label: string) => boolean,
): Header | undefined {
  let best: SourceRow | undefined;
  let most = 0;
  for (const row of rows.slice(0, headerSearchRows)) {
    const known = countKnown(row, isKnown);
    const enough = row.cells.filter((cell) => cell.trim() !== '').length <= 2 ? 1 : 2;
    if (known >= enough && known > most) {
      best = row;
      most = known;
    }
  }
  return best && headerAt(best, rows, isKnown);
}

/** The header whose main row is given, with the group row above it and a second language below it. */
export function headerAt(
  main: SourceRow,
  rows: readonly SourceRow[],
  isKnown: (label: string) => boolean,
): Header {
  const at = rows.indexOf(main);
  const above = neighbour(rows[at - 1], main.line - 1);
  const below = neighbour(rows[at + 1], main.line + 1);
  const second = below && isHeaderToo(below, isKnown) ? below : undefined;
  const width = Math.max(main.cells.length, second?.cells.length ?? 0);
  const labels = Array.from({ length: width }, (_, column) => {
    const [own, group, other] = [main, above, second].map((row) => (row?.cells[column] ?? '').trim());
    const joined = own && group && group !== own ? `${group}${own}` : '';
    // A group's own name stands in for an empty cell below it only where it is a label by itself: a title over the table is none.
    const alone = !own && group && isKnown(group) ? group : '';
    return [own ?? '', joined ?? '', alone ?? '', other ?? ''].filter((label) => label !== '');
  });
  return { line: main.line, lastLine: (second ?? main).line, labels };
}

function neighbour(row: SourceRow | undefined, line: number): SourceRow | undefined {
  return row?.line === line ? row : undefined;
}

/** A second header row: most of what it holds are labels. */
function isHeaderToo(row: SourceRow, isKnown: (label: string) => boolean): boolean {
  const filled = row.cells.filter((cell) => cell.trim() !== '').length;
  const known = countKnown(row, isKnown);
  return known >= 3 && known * 2 >= filled;
}

function countKnown(row: SourceRow, isKnown: (label: string) => boolean): number {
  return new Set(row.cells.filter((cell) => cell !== '' && cell.length <= 100 && isKnown(cell))).size;
}
