/** Which reports a run makes besides its results: what `--report` asks for, or the usual one. */
import type { Settings } from '../config.ts';
import type { SourceBook } from '../formats/format.ts';
import { reportKinds, type ReportFactory } from '../reports/index.ts';
import { noneOf } from './choices.ts';

type Asking = { readonly mode: 'check' | 'dry-run' | 'import'; readonly books: readonly SourceBook[] };

/** A person at a terminal who imports a workbook, or names a folder, gets it back annotated. What lodges nothing writes only where asked. */
function usual({ out, format, quiet }: Settings, { mode, books }: Asking): readonly string[] {
  const isPerson = process.stdout.isTTY && format === 'human' && !quiet;
  const isWritten = mode === 'import' || out !== undefined;
  return isPerson && isWritten && books.some((book) => book.format === 'xlsx') ? ['xlsx'] : [];
}

/** Each kind once, in the order asked. Throws `Stop` (exit 2) for one that does not exist. */
export async function askedReports(settings: Settings, asking: Asking): Promise<readonly ReportFactory[]> {
  const kinds = new Set(settings.report?.split(',') ?? usual(settings, asking));
  kinds.delete('none');
  return await Promise.all(
    [...kinds].map(async (kind) => {
      const load = Object.hasOwn(reportKinds, kind) ? reportKinds[kind] : undefined;
      if (load !== undefined) return load();
      throw noneOf('--report', kind, [...Object.keys(reportKinds), 'none']);
    }),
  );
}
