/** `declarant import FILE…`: the whole road, to the window and its verdicts. */
import type { CommandInput } from './command.ts';
import { runFiles } from './run-files.ts';

export async function run(input: CommandInput): Promise<number> {
  return runFiles(input.flags.has('dryRun') ? 'dry-run' : 'import', input);
}
