/** The exit code of a run, from what became of its declarations. */
import type { RunSummary } from '../model/result.ts';
import { exitCode, type ExitCode } from '../model/stop.ts';

/** Unknown outcomes weigh most, then an unreachable window, then refusals. `waited`: a verdict was waited for and did not come. */
export function exitOf(byOutcome: RunSummary['byOutcome'], waited: boolean): ExitCode {
  const has = (outcome: keyof RunSummary['byOutcome']): boolean => byOutcome[outcome].declarations > 0;
  if (has('unknown') || (waited && has('pending'))) return exitCode.undecided;
  if (has('not-sent')) return exitCode.unreachable;
  if (has('set-aside') || has('rejected') || has('duplicate')) return exitCode.someRefused;
  return exitCode.done;
}
