/** The problems of results as a machine in CI wants them: each once, with its place and one text. */
import type { Problem } from '../../model/problem.ts';
import type { Decision, RowResult } from '../../model/result.ts';
import type { RowRef } from '../../model/row.ts';
import { cellOf } from '../catalogue.ts';
import type { ReportContext } from '../report.ts';
import { problemsOfRow } from '../row-problems.ts';

export type PlacedProblem = {
  readonly problem: Problem;
  readonly decision: Decision;
  /** Where it stands; the row that was read where the problem names none. */
  readonly row: RowRef;
  /** `表体!AB5`, or nothing where no single cell is meant. */
  readonly cell?: string;
  readonly title: string;
  /** Everything a person needs, line by line. */
  readonly lines: readonly string[];
};

export function placed(
  problem: Problem,
  { ref, decision }: RowResult,
  { lang, render, fieldTitle }: ReportContext,
): PlacedProblem {
  const { title, message, expected, remedy } = render(problem);
  const row = problem.row ?? ref;
  const name = cellOf(problem);
  const cell = name === undefined || row.sheet === undefined ? name : `${row.sheet}!${name}`;
  const colon = lang === 'zh' ? '：' : ': ';
  const field = problem.field === undefined ? undefined : fieldTitle(problem.field)?.[lang];
  const header = problem.header ?? field;
  const found = [header, problem.value === '' ? undefined : problem.value].filter(
    (part) => part !== undefined,
  );
  const lines = [
    [cell, found.join(colon)].filter((part) => part !== undefined && part !== '').join('  '),
    message,
    expected === '' ? '' : `${lang === 'zh' ? '应为' : 'Expected'}${colon}${expected}`,
    remedy === '' ? '' : `${lang === 'zh' ? '处理' : 'What to do'}${colon}${remedy}`,
  ].filter((line) => line !== '');
  return { problem, decision, row, ...(cell === undefined ? {} : { cell }), title, lines };
}

/** In the order of the rows. */
export function* eachProblem(
  results: readonly RowResult[],
  context: ReportContext,
): Generator<PlacedProblem> {
  for (const result of results) {
    for (const problem of problemsOfRow(result.decision, result.ref)) yield placed(problem, result, context);
  }
}
