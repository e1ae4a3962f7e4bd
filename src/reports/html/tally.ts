/** What the HTML report keeps while results pass: counts, and so many declarations as a page can show. */
import { isError } from '../../model/problem.ts';
import type { Decision, RowResult } from '../../model/result.ts';
import { beijingClock } from '../moment.ts';
import type { ReportContext } from '../report.ts';

/** So many declarations with problems are listed, and as many without. */
export const mostListed = 10_000;

export type ColumnCount = { readonly name: string; errors: number; warnings: number };

export type Tally = {
  readonly add: (results: readonly RowResult[]) => void;
  /** In the order of the files. */
  readonly listed: () => readonly Decision[];
  readonly leftOut: () => number;
  /** Most frequent first. */
  readonly columns: () => readonly ColumnCount[];
  /** Minute (`2026-01-02T03:04`, in Beijing) → state → receipts. */
  readonly minutes: ReadonlyMap<string, ReadonlyMap<string, number>>;
};

export function hasFault({ problems }: Decision): boolean {
  return problems.some(({ severity }) => severity !== 'info');
}

export function startTally({ fieldTitle, lang }: ReportContext): Tally {
  const seen = new WeakSet<Decision>();
  const faulty: { readonly order: number; readonly decision: Decision }[] = [];
  const calm: typeof faulty = [];
  const columns = new Map<string, ColumnCount>();
  const minutes = new Map<string, Map<string, number>>();
  let order = 0;

  function countColumns({ problems }: Decision): void {
    for (const problem of problems) {
      if (problem.severity === 'info') continue;
      const title = problem.field === undefined ? undefined : fieldTitle(problem.field)?.[lang];
      const name = problem.header ?? title ?? '';
      const known = columns.get(name) ?? { name, errors: 0, warnings: 0 };
      if (isError(problem)) known.errors += 1;
      else known.warnings += 1;
      columns.set(name, known);
    }
  }

  function countReceipts({ receipts }: Decision): void {
    for (const { at, state } of receipts) {
      const minute = (beijingClock(at) ?? at).slice(0, 16);
      const states = minutes.get(minute) ?? new Map<string, number>();
      states.set(state ?? 'other', (states.get(state ?? 'other') ?? 0) + 1);
      minutes.set(minute, states);
    }
  }

  return {
    add(results) {
      for (const { decision } of results) {
        if (seen.has(decision)) continue;
        seen.add(decision);
        countColumns(decision);
        countReceipts(decision);
        const kept = hasFault(decision) ? faulty : calm;
        if (kept.length < mostListed) kept.push({ order, decision });
        order += 1;
      }
    },
    listed: () => [...faulty, ...calm].sort((a, b) => a.order - b.order).map(({ decision }) => decision),
    leftOut: () => order - faulty.length - calm.length,
    columns: () =>
      [...columns.values()].sort(
        (a, b) => b.errors + b.warnings - a.errors - a.warnings || (a.name < b.name ? -1 : 1),
      ),
    minutes,
  };
}
