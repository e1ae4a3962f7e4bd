/** Reads a planned table and yields its rows as drafts: nothing of a row is looked at before its declaration is whole. */
import type { Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/row.ts';
import { flat } from './flat.ts';
import { beginsTable, leftOutReason, tableBelow } from './left-out.ts';
import type { TablePlan } from './plan.ts';
import type { PlacedRow } from './tracked.ts';

export type Draft = { readonly plan: TablePlan; readonly ref: PlacedRow; readonly source: SourceRow };

/** What one pass has read: its rows, numbered from 0, and the rows that were left out, each with the reason. */
export type ReadState = { rows: number; readonly leftOut: Problem[] };

/** Rows below the header, numbered on from `state`. Rows of blanks only are no rows. */
export async function* readDrafts(plan: TablePlan, state: ReadState): AsyncGenerator<readonly Draft[]> {
  const { file, sheet, lastHeaderLine } = plan;
  let previousLine = 0;
  let isEnded = false;
  for await (const chunk of plan.table.rows()) {
    const drafts: Draft[] = [];
    for (const source of chunk) {
      const { line } = source;
      if (line <= lastHeaderLine || isEnded || isBlank(source)) continue;
      if (plan.lastLine !== undefined && line > plan.lastLine) {
        isEnded = true;
        const row = sheet === undefined ? { file, line } : { file, sheet, line };
        state.leftOut.push({
          code: 'table/below-last-line',
          severity: 'info',
          row,
          facts: { lastLine: plan.lastLine },
        });
        continue;
      }
      const reason = leftOutReason(source, plan, previousLine);
      if (!reason && beginsTable(source, plan)) throw tableBelow(source, plan);
      if (reason) {
        const row = sheet === undefined ? { file, line } : { file, sheet, line };
        const text = flat(
          source.cells
            .filter((cell) => cell.trim() !== '')
            .slice(0, 3)
            .join(' '),
        );
        state.leftOut.push({ code: `table/${reason}`, severity: 'info', row, value: text });
        continue;
      }
      previousLine = line;
      const ordinal = state.rows;
      state.rows += 1;
      drafts.push({
        plan,
        source,
        ref: sheet === undefined ? { file, line, ordinal } : { file, sheet, line, ordinal },
      });
    }
    if (drafts.length > 0) yield drafts;
  }
}

function isBlank(source: SourceRow): boolean {
  for (const cell of source.cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
}
