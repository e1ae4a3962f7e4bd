/** Recognises rows that stand in a table and are none of its rows: totals, notes under the table, headers printed again. */
import type { SourceRow } from '../model/row.ts';
import type { TablePlan } from './plan.ts';

const totals = /^(?:合\s*计|总\s*计|小\s*计|累\s*计|总\s*数|(?:grand\s+|sub-?\s*)?totals?|sum)\s*[:：]?\s*(?:$|[\d(（])/iu;

/** What notes look like, and references do not. */
const noteLike = /[:：。，；]|^(?:注|备注|说明|制表|审核|复核|打印|note|remark|prepared|printed)/iu;

/** Why a row is left out; nothing where it is a row like the others. `previousLine` is the line of the row before it. */
export function leftOutReason(row: SourceRow, plan: TablePlan, previousLine: number): 'totals' | 'note' | 'header-again' | undefined {
  let filled = 0;
  let first = '';
  for (const cell of row.cells) {
    if (cell === '' || cell.trim() === '') continue;
    if (filled === 0) first = cell.trim();
    filled += 1;
    if (filled > 2 && first.length > 12) break;
  }
  if (totals.test(first)) return 'totals';
  if (plan.keyColumns.some(({ column, header }) => (row.cells[column] ?? '').trim() === header) && isHeaderAgain(row, plan)) return 'header-again';
  // After a blank row nothing goes on with the declaration above it: a lone text there is a note.
  if (filled !== 1 || previousLine === 0 || row.line === previousLine + 1) return undefined;
  const isKey = plan.keyColumns.some(({ column }) => (row.cells[column] ?? '').trim() !== '');
  return !isKey || noteLike.test(first) ? 'note' : undefined;
}

function isHeaderAgain(row: SourceRow, plan: TablePlan): boolean {
  const same = plan.columns.filter(({ column, header }) => (row.cells[column] ?? '').trim() === header).length;
  return same * 5 >= plan.columns.length * 4;
}
