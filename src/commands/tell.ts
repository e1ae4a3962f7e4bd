/** Tells the summary of a run: to a person on standard output, or on one line where standard output belongs to a script. */
import { styleText } from 'node:util';
import type { Settings } from '../config.ts';
import { stdoutOutput } from '../io.ts';
import type { Problem } from '../model/problem.ts';
import type { RunSummary } from '../model/result.ts';
import { type HumanOptions, humanSummary, oneLineSummary } from '../reports/human.ts';
import type { ReportContext } from '../reports/report.ts';
import { quoted } from './quoted.ts';
import { sameWindow } from './same-window.ts';

export type Telling = {
  readonly settings: Settings;
  readonly context: ReportContext;
  readonly written: readonly string[];
  readonly examples: () => ReadonlyMap<string, Problem>;
  /** The words that were typed after `declarant`. */
  readonly typed: readonly string[];
};

/** Flags with a value that only one command takes: an import would refuse them. */
const ownFlags: Readonly<Record<string, readonly string[]>> = {
  check: ['--as-of'],
  export: ['--as', '-o', '--messages'],
};

function withoutOwn(words: readonly string[]): readonly string[] {
  const own = ownFlags[words[0] ?? ''] ?? [];
  return words.filter(
    (word, at) =>
      !own.includes(word) &&
      !own.includes(words[at - 1] ?? '') &&
      !own.some((flag) => word.startsWith(`${flag}=`)),
  );
}

function painter({ noColor }: Settings): HumanOptions['paint'] {
  // `styleText` itself honours NO_COLOR, FORCE_COLOR and what the stream can do.
  return noColor || process.env['TERM'] === 'dumb'
    ? (_style, text) => text
    : (style, text) => styleText(style, text, { stream: process.stdout });
}

export async function tellSummary(
  summary: RunSummary,
  { settings, context, written, examples, typed }: Telling,
): Promise<void> {
  const line = oneLineSummary(summary, { lang: context.lang, written });
  if (settings.format !== 'human') {
    if (!settings.quiet) process.stderr.write(line);
    return;
  }
  if (settings.quiet) return stdoutOutput.write(line);
  const words = typed.map(quoted);
  const again = ['declarant', ...words].join(' ');
  const importNext = [
    'declarant',
    ...withoutOwn(words)
      .map((word) => (word === 'check' || word === 'export' ? 'import' : word))
      .filter((word) => word !== '--dry-run' && word !== '-n'),
  ].join(' ');
  const mapNext = `declarant map ${quoted(summary.files[0] ?? 'FILE')}`;
  const reconcileNext = sameWindow('declarant reconcile', typed);
  const next = { again, importNext, mapNext, reconcileNext };
  return stdoutOutput.write(
    humanSummary(summary, examples(), { ...context, paint: painter(settings), written, ...next }),
  );
}
