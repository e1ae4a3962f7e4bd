/** `declarant import FILE…`: the whole road, to the window and its verdicts. */
import type { CommandInput } from './command.ts';
import { logged } from './logged.ts';
import { runFiles } from './run-files.ts';

export async function run(input: CommandInput): Promise<number> {
  const mode = input.flags.has('dryRun') ? 'dry-run' : 'import';
  return logged('import', input, (log) => runFiles(mode, input, { log }));
}
