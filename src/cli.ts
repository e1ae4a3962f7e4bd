/** The program's one entrance and its one exit: words in, exit code out; every failure is caught and told here. */
import { readFileSync } from 'node:fs';
import type { Reader } from './commands/failure.ts';

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version":\s*"([^"]+)"/u.exec(text)?.[1] ?? '';
}

/** What is known of the reader before anything is parsed. */
function readerBefore(words: readonly string[], lang: Reader['lang']): Reader {
  const flag = words.findIndex((word) => word === '--format' || word.startsWith('--format='));
  const typed = flag === -1 ? undefined : (words[flag]?.split('=')[1] ?? words[flag + 1]);
  const format = typed ?? process.env['DECLARANT_FORMAT'] ?? 'human';
  return { lang, format, verbose: words.includes('--verbose') || words.includes('-v') };
}

/** `argv` as Node gives it. Sets `process.exitCode`; never ends the process itself. What is not needed is not loaded: help and version come at once. */
export async function main(argv: readonly string[]): Promise<void> {
  const words = argv.slice(2);
  if (words[0] === '--version' || words[0] === '-V') {
    process.stdout.write(`${version()}\n`);
    return;
  }
  const [{ tolerateClosedPipes }, { earlyLang }] = await Promise.all([
    import('./pipes.ts'),
    import('./config/locale.ts'),
  ]);
  tolerateClosedPipes();
  const lang = earlyLang(words, process.env);
  const isHelp = words[0] === 'help' || words.includes('-h') || words.includes('--help');
  if (words.length === 0 || isHelp) {
    const { helpAsked, programHelp } = await import('./commands/help.ts');
    const help = helpAsked(words, lang);
    if (help !== undefined) {
      process.stdout.write(help);
      return;
    }
    if (words.length === 0) {
      process.stderr.write(programHelp(lang));
      process.exitCode = 2;
      return;
    }
  }
  process.exitCode = await runOrTell(words, readerBefore(words, lang));
}

async function runOrTell(words: readonly string[], reader: Reader): Promise<number> {
  const tell = async (error: unknown): Promise<number> =>
    (await import('./commands/failure.ts')).showFailure(error, reader);
  // What goes wrong beside the run ends it as a signal does: at a safe point.
  const stopAndTell = async (error: unknown): Promise<number> => {
    const { stopAll } = await import('./commands/signals.ts');
    stopAll();
    return tell(error);
  };
  let fault: Promise<number> | undefined;
  process.on('uncaughtException', (error) => {
    fault ??= stopAndTell(error);
  });
  let code: number;
  try {
    const { dispatch } = await import('./commands/dispatch.ts');
    code = await dispatch(words, reader);
  } catch (error) {
    code = await tell(error);
  }
  return (await fault) ?? code;
}
