/** One command line from words to exit code: parsing, configuration, and the command itself, loaded when it is needed. */
import { loadConfig } from '../config.ts';
import type { CommandModule } from './command.ts';
import { parseWords } from './parse.ts';
import type { Reader } from './failure.ts';

const modules: Readonly<Record<string, () => Promise<CommandModule>>> = {
  check: () => import('./check.ts'),
  import: () => import('./import.ts'),
  export: () => import('./export.ts'),
  sandbox: () => import('./sandbox.ts'),
  status: () => import('./status.ts'),
  report: () => import('./report.ts'),
  reconcile: () => import('./reconcile.ts'),
  cancel: () => import('./cancel.ts'),
  ledger: () => import('./ledger.ts'),
  'watch-folder': () => import('./watch-folder.ts'),
  receipts: () => import('./receipts.ts'),
  releases: () => import('./releases.ts'),
  watch: () => import('./watch.ts'),
  notice: () => import('./notice.ts'),
  codes: () => import('./codes.ts'),
  config: () => import('./config.ts'),
  inspect: () => import('./inspect.ts'),
  map: () => import('./map.ts'),
  template: () => import('./template.ts'),
  explain: () => import('./explain.ts'),
  problems: () => import('./problems.ts'),
  completion: () => import('./completion.ts'),
};

/** `reader` learns the language and format in which a failure is to be told, as soon as they are known. */
export async function dispatch(words: readonly string[], reader: Reader): Promise<number> {
  const { command, args, flags } = parseWords(words);
  const config = loadConfig({ flags, env: process.env, cwd: process.cwd() });
  Object.assign(reader, {
    lang: config.settings.lang,
    format: config.settings.format,
    verbose: config.settings.verbose,
  });
  const load = modules[command.name];
  if (load === undefined) throw new Error(`no module for the command ${command.name}`);
  return (await load()).run({ args, flags, config, reader, typed: words });
}
