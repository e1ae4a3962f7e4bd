/** Results of an earlier run as they stand today: what the ledger heard since, counted anew. */
import type { LedgerEntry } from '../ledger/ledger.ts';
import { isError } from '../model/problem.ts';
import { type Decision, type Outcome, outcomes, type RowResult, type RunSummary } from '../model/result.ts';
import { decisionOf } from './dedupe.ts';

/** What the window had, whatever it said then. What we set aside was never sent and stays as that run left it. */
const lodged: ReadonlySet<Outcome> = new Set(['accepted', 'pending', 'rejected', 'unknown', 'not-sent']);

export function wasLodged({ outcome }: Pick<Decision, 'outcome'>): boolean {
  return lodged.has(outcome);
}

/** A rejection that has become something better since takes its errors with it. */
export function asOfToday(decision: Decision, entry: LedgerEntry | undefined): Decision {
  if (entry === undefined || !wasLodged(decision)) return decision;
  const now = decisionOf(entry, decision);
  const problems =
    now.outcome === 'accepted' ? decision.problems.filter((problem) => !isError(problem)) : decision.problems;
  return { ...decision, ...now, problems };
}

type Counts = Pick<RunSummary, 'rows' | 'declarations' | 'byOutcome' | 'earlier' | 'problems'>;

/** Counts as a run does, from its results. */
export function recounter(): {
  readonly add: (results: readonly RowResult[]) => void;
  readonly counts: () => Counts;
} {
  const seen = new WeakSet<Decision>();
  const byOutcome = new Map(outcomes.map((outcome) => [outcome, { declarations: 0, rows: 0 }]));
  const problems = new Map<string, { code: string; severity: 'error' | 'warning' | 'info'; count: number }>();
  let rows = 0;
  let declarations = 0;
  let earlier = 0;
  const count = ({ outcome, problems: found, isEarlier }: Decision): void => {
    declarations += 1;
    if (isEarlier) earlier += 1;
    const counts = byOutcome.get(outcome);
    if (counts) counts.declarations += 1;
    for (const { code, severity } of found) {
      const known = problems.get(`${severity} ${code}`) ?? { code, severity, count: 0 };
      known.count += 1;
      problems.set(`${severity} ${code}`, known);
    }
  };
  return {
    add(results) {
      for (const { decision } of results) {
        rows += 1;
        const counts = byOutcome.get(decision.outcome);
        if (counts) counts.rows += 1;
        if (seen.has(decision)) continue;
        seen.add(decision);
        count(decision);
      }
    },
    counts: () => {
      const order = { error: 0, warning: 1, info: 2 };
      const ranked = [...problems.values()].toSorted(
        (a, b) => order[a.severity] - order[b.severity] || b.count - a.count || (a.code < b.code ? -1 : 1),
      );
      return {
        rows,
        declarations,
        byOutcome: Object.fromEntries(byOutcome) as RunSummary['byOutcome'],
        earlier,
        problems: ranked,
      };
    },
  };
}
