/** `declarant check FILE…`: the whole road up to the window, and not a step further. */
import type { CommandInput } from './command.ts';
import { runFiles } from './run-files.ts';

export async function run(input: CommandInput): Promise<number> {
  return runFiles('check', input);
}
