/** The program's one entrance and its one exit: words in, exit code out; every failure is caught and told here. */
import { readFileSync } from 'node:fs';
import type { Reader } from './commands/failure.ts';

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version":\s*"([^"]+)"/u.exec(text)?.[1] ?? '';
}

function readerBefore(words: readonly string[], env: NodeJS.ProcessEnv): Omit<Reader, 'lang'> {
  const flag = words.findIndex((word) => word === '--format' || word.startsWith('--format='));
  const typed = flag === -1 ? undefined : (words[flag]?.split('=')[1] ?? words[flag + 1]);
  return {
    format: typed ?? env['DECLARANT_FORMAT'] ?? 'human',
    verbose: words.includes('--verbose') || words.includes('-v'),
  };
}

/** `argv` as Node gives it. Sets `process.exitCode`; never ends the process itself. */
export async function main(argv: readonly string[]): Promise<void> {
  const words = argv.slice(2);
  if (words[0] === '--version' || words[0] === '-V') {
    process.stdout.write(`${version()}\n`);
    return;
  }
  const [{ tolerateClosedPipes }, { earlyLang }, { dispatch }] = await Promise.all([
    import('./io.ts'),
    import('./config/locale.ts'),
    import('./commands/dispatch.ts'),
  ]);
  tolerateClosedPipes();
  const reader: Reader = { lang: earlyLang(words, process.env), ...readerBefore(words, process.env) };
  try {
    process.exitCode = await dispatch(words, reader);
  } catch (error) {
    const { showFailure } = await import('./commands/failure.ts');
    process.exitCode = await showFailure(error, reader);
  }
}
