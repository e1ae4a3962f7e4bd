/** Recognises rows that stand in a table and are none of its rows: totals, notes under the table, headers printed again. */
import type { SourceRow } from '../model/row.ts';
import type { TablePlan } from './plan.ts';

const totals = /^(?:合\s*计|总\s*计|小\s*计|累\s*计|总\s*数|(?:grand\s+|sub-?\s*)?totals?|sum)\s*[:：]?\s*(?:$|[\d(（])/iu;

/** Why a row is left out; nothing where it is a row like the others. `previousLine` is the line of the row before it. */
export function leftOutReason(row: SourceRow, plan: TablePlan, previousLine: number): 'totals' | 'note' | 'header-again' | undefined {
  if (plan.keyColumns.some(({ column }) => (row.cells[column] ?? '').trim() !== '')) {
    return isHeaderAgain(row, plan) ? 'header-again' : undefined;
  }
  let filled = 0;
  let first = '';
  for (const cell of row.cells) {
    if (cell === '' || cell.trim() === '') continue;
    if (filled === 0) first = cell.trim();
    filled += 1;
  }
  if (totals.test(first)) return 'totals';
  const mapped = plan.columns.filter(({ column }) => (row.cells[column] ?? '').trim() !== '').length;
  // After a blank row nothing goes on with the declaration above it: a lone text there is a note.
  return previousLine > 0 && row.line > previousLine + 1 && filled <= 2 && mapped <= 1 ? 'note' : undefined;
}

function isHeaderAgain(row: SourceRow, plan: TablePlan): boolean {
  const [first] = plan.keyColumns;
  if (!first || (row.cells[first.column] ?? '').trim() !== first.header) return false;
  const same = plan.columns.filter(({ column, header }) => (row.cells[column] ?? '').trim() === header).length;
  return same * 5 >= plan.columns.length * 4;
}
