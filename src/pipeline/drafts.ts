/** Reads a planned table and yields its rows as drafts: nothing of a row is looked at before its declaration is whole. */
import type { SourceRow } from '../model/row.ts';
import type { TablePlan } from './plan.ts';
import type { PlacedRow } from './tracked.ts';

export type Draft = { readonly plan: TablePlan; readonly ref: PlacedRow; readonly source: SourceRow };

export type RowCounter = { rows: number };

/** Rows below the header, numbered on from `counter`. Rows of blanks only are no rows. */
export async function* readDrafts(plan: TablePlan, counter: RowCounter): AsyncGenerator<readonly Draft[]> {
  const { file, sheet, headerLine } = plan;
  for await (const chunk of plan.table.rows()) {
    const drafts: Draft[] = [];
    for (const source of chunk) {
      if (source.line <= headerLine || isBlank(source)) continue;
      const ordinal = counter.rows;
      counter.rows += 1;
      const { line } = source;
      drafts.push({ plan, source, ref: sheet === undefined ? { file, line, ordinal } : { file, sheet, line, ordinal } });
    }
    if (drafts.length > 0) yield drafts;
  }
}

function isBlank(source: SourceRow): boolean {
  for (const cell of source.cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
}
