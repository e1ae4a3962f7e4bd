/** Reads one cell into the values of its fields, and says what was found wrong with it. */
import type { Problem } from '../model/problem.ts';
import { cellKind, type CellNote } from '../model/row.ts';
import type { Pack } from '../pack/pack.ts';
import type { Draft } from './drafts.ts';
import { problemAtCell } from './origins.ts';
import type { ColumnPlan, FieldPlan } from './plan.ts';
import { cellText } from './row-key.ts';
import { splitCell } from './split-cell.ts';

const noteSeverity: Record<CellNote['kind'], Problem['severity']> = {
  merged: 'info',
  padded: 'info',
  hidden: 'info',
  rounded: 'info',
  'external-formula': 'warning',
  'digits-lost': 'error',
  'error-value': 'error',
  'not-calculated': 'error',
  'impossible-date': 'error',
};

/** Calls `take` with each field's value that the cell holds, none where it is empty. Problems are added to `problems`. */
export function readCell(
  draft: Draft,
  column: ColumnPlan,
  {
    pack,
    problems,
    take,
  }: { pack: Pack; problems: Problem[]; take: (field: FieldPlan, value: string) => void },
): void {
  // A cell whose value is not to be trusted is not looked at any further: one problem, not three.
  if (draft.source.notes && noteProblems(draft, column, problems)) return;
  const text = cellText(draft, column.column);
  if (text === '') return;
  if (draft.source.kinds?.[column.column] === cellKind.date && column.fields[0].field.type === 'code') {
    problems.push(problemAtCell({ code: 'cell/became-date', severity: 'error' }, draft, column));
    return;
  }
  const [only, ...more] = column.fields;
  if (more.length === 0) {
    take(only, readValue(only, text, { pack, draft, column, problems }));
    return;
  }
  const parts = splitCell(text, column.fields, pack);
  if (!parts) {
    const fields = column.fields.map(({ path }) => path);
    problems.push(
      problemAtCell({ code: 'cell/cannot-split', severity: 'error', facts: { fields } }, draft, column),
    );
    return;
  }
  for (const [field, part] of parts) take(field, readValue(field, part, { pack, draft, column, problems }));
}

type Reading = { pack: Pack; draft: Draft; column: ColumnPlan; problems: Problem[] };

function readValue(plan: FieldPlan, text: string, { pack, draft, column, problems }: Reading): string {
  const { value, issues } = pack.parseCell(plan.path, plan.lookup?.get(text) ?? text, column);
  if (issues) for (const issue of issues) problems.push(problemAtCell(issue, draft, column, plan.path));
  return value;
}

/** Whether one of them is an error. */
function noteProblems(draft: Draft, column: ColumnPlan, problems: Problem[]): boolean {
  let hasError = false;
  for (const note of draft.source.notes ?? []) {
    if (note.column !== column.column) continue;
    const facts = note.raw === undefined ? {} : { facts: { raw: note.raw } };
    const severity = noteSeverity[note.kind];
    hasError ||= severity === 'error';
    problems.push(problemAtCell({ code: `cell/${note.kind}`, severity, ...facts }, draft, column));
  }
  return hasError;
}
