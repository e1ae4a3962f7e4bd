/** How the workbook reader refuses: one Stop for the whole room, exit 3. */
import type { Fact, ProblemCode } from '../../model/problem.ts';
import { exitCode, Stop } from '../../model/stop.ts';

export function refusal(code: ProblemCode, facts: Readonly<Record<string, Fact>>, cause?: unknown): Stop {
  return new Stop(code, exitCode.unreadable, cause === undefined ? { facts } : { facts, cause });
}
