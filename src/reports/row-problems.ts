/** Which problems of a declaration are told on which of its rows: each exactly once. */
import { isError, type Problem } from '../model/problem.ts';
import type { Decision } from '../model/result.ts';
import type { RowRef } from '../model/row.ts';

type Shares = { readonly byRow: ReadonlyMap<string, readonly Problem[]>; readonly faulty: readonly RowRef[] };

const none: readonly Problem[] = [];
const remembered = new WeakMap<Decision, Shares>();

/** So many of the other rows are named at most. */
const mostNamed = 20;

function nameOf(ref: RowRef): string {
  return `${ref.line}\u0000${ref.sheet ?? ''}\u0000${ref.file}`;
}

function sharesOf(decision: Decision): Shares {
  const known = remembered.get(decision);
  if (known !== undefined) return known;
  const byRow = new Map<string, Problem[]>(decision.rows.map((ref) => [nameOf(ref), []]));
  const first = byRow.get(nameOf(decision.rows[0]));
  for (const problem of decision.problems) {
    const share = (problem.row === undefined ? undefined : byRow.get(nameOf(problem.row))) ?? first;
    share?.push(problem);
  }
  const faulty = decision.rows.filter((ref) => byRow.get(nameOf(ref))?.some(isError) === true);
  const shares = { byRow, faulty: faulty.slice(0, mostNamed) };
  remembered.set(decision, shares);
  return shares;
}

/** The problems that name this row; on the first row of the declaration also those that name none of its rows. */
export function problemsOfRow(decision: Decision, ref: RowRef): readonly Problem[] {
  if (decision.problems.length === 0 || decision.rows.length === 1) return decision.problems;
  return sharesOf(decision).byRow.get(nameOf(ref)) ?? none;
}

/** For a row without an error of its own: the rows on which the errors of its declaration stand, at most 20. */
export function rowsToSee(decision: Decision, ref: RowRef): readonly RowRef[] {
  if (decision.problems.length === 0 || decision.rows.length === 1) return [];
  const { byRow, faulty } = sharesOf(decision);
  return byRow.get(nameOf(ref))?.some(isError) === true ? [] : faulty;
}
