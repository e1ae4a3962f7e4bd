/** The contract of every report: a pure function of the results, written beside its place and then renamed into it. */
import type { RowResult, RunSummary } from '../model/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Lang, Text } from '../model/text.ts';

/** Everything a problem says, in one language. */
export type RenderedProblem = {
  readonly title: string;
  readonly message: string;
  readonly expected: string;
  readonly remedy: string;
};

export type ReportContext = {
  readonly lang: Lang;
  /** Renders a problem from the catalogue. */
  readonly render: (problem: Problem) => RenderedProblem;
  readonly fieldTitle: (path: string) => Text | undefined;
};

/** Takes the results row by row, in input order. */
export interface Report {
  add(results: readonly RowResult[]): Promise<void>;
  /** Returns the paths written. */
  end(summary: RunSummary): Promise<readonly string[]>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}
