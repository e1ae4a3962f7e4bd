/** A problem: the data is wrong, or worth a word. A value that is never thrown; its text is made when it is shown. */
import type { FieldPath } from './declaration.ts';
import type { RowRef } from './row.ts';

/** `error` sets the declaration aside; `warning` asks a person to look; `info` says what was done. */
export type Severity = 'error' | 'warning' | 'info';

/** `area/what-is-wrong`, lower case; a contract: a code is never given another meaning. */
export type ProblemCode = `${string}/${string}`;

export type Fact = string | number | readonly string[];

export type Problem = {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Absent where the problem concerns the whole file. */
  readonly row?: RowRef;
  /** From 0; absent where no single cell is meant. */
  readonly column?: number;
  /** The header as it stands in the file. */
  readonly header?: string;
  readonly field?: FieldPath;
  /** The value as it stands in the file. */
  readonly value?: string;
  /** What the problem's text needs to be specific: limits, the other cell, candidates. */
  readonly facts?: Readonly<Record<string, Fact>>;
};

export function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}
