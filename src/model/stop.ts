/** A stop: the run cannot go on. Thrown anywhere, caught once in `cli.ts`, shown with what to do next. */
import type { Fact, Problem, ProblemCode } from './problem.ts';

/** The exit codes are a promise to scripts: `docs/cli.md`. */
export const exitCode = {
  done: 0,
  someRefused: 1,
  usage: 2,
  unreadable: 3,
  undecided: 4,
  unreachable: 5,
  signIn: 6,
  nothingToDo: 9,
  locked: 11,
  defect: 70,
  storage: 74,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export class Stop extends Error {
  readonly code: ProblemCode;
  readonly exit: ExitCode;
  readonly facts: Readonly<Record<string, Fact>>;
  /** The command to run next, as it would be typed. */
  readonly hint: string | undefined;
  /** What stands behind it, one by one: every column that is open, every file that cannot be read. */
  readonly problems: readonly Problem[];

  /** `code` has its texts in the problem catalogue, filled in from `facts`. */
  constructor(
    code: ProblemCode,
    exit: ExitCode,
    details: {
      facts?: Readonly<Record<string, Fact>>;
      hint?: string;
      problems?: readonly Problem[];
      cause?: unknown;
    } = {},
  ) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Stop';
    this.code = code;
    this.exit = exit;
    this.facts = details.facts ?? {};
    this.hint = details.hint;
    this.problems = details.problems ?? [];
  }
}
