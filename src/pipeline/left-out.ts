/** Recognises rows that stand in a table and are none of its rows: totals, notes under the table, headers printed again. */
import { isExampleReference } from '../model/own-marks.ts';
import type { SourceRow } from '../model/row.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { TablePlan } from './plan.ts';

const totals =
  /^(?:合\s*计|总\s*计|小\s*计|累\s*计|总\s*数|(?:grand\s+|sub-?\s*)?totals?|sum)\s*[:：]?\s*(?:$|[\d(（])/iu;

/** What notes look like, and references do not. */
const noteLike = /[:：。，；]|^(?:注|备注|说明|制表|审核|复核|打印|note|remark|prepared|printed)/iu;

/** Whether a row may speak for its columns: no totals, and no lone note or title. */
export function isSample(row: SourceRow): boolean {
  const filled = row.cells.filter((cell) => cell.trim() !== '');
  return (
    filled.length > 0 && !totals.test((filled[0] ?? '').trim()) && (filled.length > 1 || row.cells.length < 4)
  );
}

/** Why a row is left out; nothing where it is a row like the others. `previousLine` is the line of the row before it. */
export function leftOutReason(
  row: SourceRow,
  plan: TablePlan,
  previousLine: number,
): 'totals' | 'note' | 'header-again' | 'example' | undefined {
  let filled = 0;
  let first = '';
  for (const cell of row.cells) {
    if (cell === '' || cell.trim() === '') continue;
    if (filled === 0) first = cell.trim();
    filled += 1;
    if (filled > 2 && first.length > 12) break;
  }
  if (plan.keyColumns.some(({ column }) => isExampleReference(row.cells[column] ?? ''))) return 'example';
  if (totals.test(first)) return 'totals';
  if (
    plan.keyColumns.some(({ column, header }) => (row.cells[column] ?? '').trim() === header) &&
    isHeaderAgain(row, plan)
  )
    return 'header-again';
  // After a blank row nothing goes on with the declaration above it: a lone text there is a note.
  if (filled !== 1 || previousLine === 0 || row.line === previousLine + 1) return undefined;
  const isKey = plan.keyColumns.some(({ column }) => (row.cells[column] ?? '').trim() !== '');
  return !isKey || noteLike.test(first) ? 'note' : undefined;
}

function isHeaderAgain(row: SourceRow, plan: TablePlan): boolean {
  const same = plan.columns.filter(
    ({ column, header }) => (row.cells[column] ?? '').trim() === header,
  ).length;
  return same * 5 >= plan.columns.length * 4;
}

/** Another table's header: mostly labels, three at least, in a row that is no header of this table. */
export function beginsTable({ cells }: SourceRow, plan: TablePlan): boolean {
  let filled = 0;
  let labels = 0;
  for (const cell of cells) {
    if (cell === '') continue;
    filled += 1;
    if (cell.length <= 40 && !/\d/u.test(cell) && plan.isLabel(cell)) labels += 1;
    // The first cells of a row of data are hardly ever labels: nearly every row ends here.
    else if (labels === 0 && filled > 1) return false;
  }
  return labels >= 3 && labels * 3 >= filled * 2;
}

/** Its rows are neither read as goods of the table above nor passed over: a person says where the first table ends. */
export function tableBelow({ line, cells }: SourceRow, { file, sheet, headerLine }: TablePlan): Stop {
  const shown = cells.filter((cell) => cell.trim() !== '').slice(0, 4);
  const lines = JSON.stringify({
    version: 1,
    sheets: { [sheet ?? '*']: { headerLine, lastLine: line - 1 } },
  });
  return new Stop('table/second-table', exitCode.unreadable, {
    facts: { file, sheet: sheet ?? '', line, header: shown, lines },
  });
}
