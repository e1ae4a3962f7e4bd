/** Imports one claimed file, its results beside it; whatever stops it is told, and the next file is not held up. */
import { resolve } from 'node:path';
import type { Claimed } from '../watched-folder.ts';
import type { CommandInput } from './command.ts';
import { showFailure } from './failure.ts';
import { logged } from './logged.ts';
import { runFiles } from './run-files.ts';

/** Returns the exit code that `import` would have given. */
export async function takeFile(input: CommandInput, { file, results }: Claimed): Promise<number> {
  const { config, reader } = input;
  const settings = { ...config.settings, out: results, noInput: true };
  // Documents stay where they were put: several manifests may name the same.
  const beside = resolve(input.args[0] ?? '.');
  const own = { ...input, args: [file], config: { ...config, settings }, typed: ['import', file] };
  try {
    return await logged('watch-folder', own, (log) => runFiles('import', own, { log, beside }));
  } catch (error) {
    return showFailure(error, reader);
  }
}
