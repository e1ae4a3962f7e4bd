/** Finds the header row of a table: the row that holds the most labels which are known. */
import type { SourceRow } from '../model/row.ts';

/** How far down a header may stand. */
export const headerSearchRows = 50;

/**
 * The header row, or nothing where no row holds two known labels (one, in a table of one or two columns).
 * `isKnown` is asked with each cell's text as it stands. A row with as many known labels as an earlier one does not win.
 */
export function findHeader(rows: readonly SourceRow[], isKnown: (label: string) => boolean): SourceRow | undefined {
  let best: SourceRow | undefined;
  let most = 0;
  for (const row of rows.slice(0, headerSearchRows)) {
    const labels = new Set(row.cells.filter((cell) => cell !== '' && cell.length <= 100 && isKnown(cell)));
    const filled = row.cells.filter((cell) => cell.trim() !== '').length;
    const enough = filled <= 2 ? 1 : 2;
    if (labels.size >= enough && labels.size > most) {
      best = row;
      most = labels.size;
    }
  }
  return best;
}
