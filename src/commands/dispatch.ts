/** One command line from words to exit code: help, parsing, configuration, and the command itself, loaded when it is needed. */
import { loadConfig } from '../config.ts';
import { earlyLang } from '../config/locale.ts';
import { exitCode } from '../model/stop.ts';
import { stdoutOutput } from '../io.ts';
import type { CommandModule } from './command.ts';
import type { Reader } from './failure.ts';
import { commands } from './specs.ts';

const modules: Readonly<Record<string, () => Promise<CommandModule>>> = {
  check: () => import('./check.ts'),
  import: () => import('./import.ts'),
  sandbox: () => import('./sandbox.ts'),
  status: () => import('./status.ts'),
  codes: () => import('./codes.ts'),
  config: () => import('./config.ts'),
  map: () => import('./map.ts'),
  explain: () => import('./explain.ts'),
  completion: () => import('./completion.ts'),
};

async function helpFor(words: readonly string[], lang: Reader['lang']): Promise<string> {
  const { commandHelp, programHelp } = await import('./help.ts');
  const spec = commands.find(({ name }) => words.includes(name));
  return spec === undefined ? programHelp(lang) : commandHelp(spec, lang);
}

/** `reader` learns the language and format in which a failure is to be told, as soon as they are known. */
export async function dispatch(words: readonly string[], reader: Reader): Promise<number> {
  const beforeEnd = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length);
  const lang = earlyLang(words, process.env);
  if (beforeEnd.some((word) => word === '-h' || word === '--help') || words[0] === 'help') {
    await stdoutOutput.write(await helpFor(beforeEnd, lang));
    return exitCode.done;
  }
  if (words.length === 0) {
    process.stderr.write(await helpFor([], lang));
    return exitCode.usage;
  }
  const { parseWords } = await import('./parse.ts');
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
