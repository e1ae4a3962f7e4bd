/** A run that the ledger remembers, and the files that it read. */
import { existsSync } from 'node:fs';
import { openBook } from '../formats/index.ts';
import type { SourceBook } from '../formats/format.ts';
import type { Ledger, RunEntry } from '../ledger/ledger.ts';
import type { RunSummary } from '../model/result.ts';
import { exitCode, Stop } from '../model/stop.ts';

/** The run named, or the last one; throws `Stop` (exit 2) where there is none, or its rows are not in the ledger. */
export function runIn(
  ledger: Ledger,
  id: string | true | undefined,
): { entry: RunEntry; summary: RunSummary } {
  const runs = ledger.runs(Number.MAX_SAFE_INTEGER);
  const entry = typeof id === 'string' ? runs.find(({ run }) => run === id) : runs[0];
  if (entry === undefined)
    throw new Stop('usage/unknown-run', exitCode.usage, {
      facts: { run: String(id ?? '-') },
      hint: 'declarant status',
    });
  const [first] = ledger.resultsOf(entry.run);
  if (entry.summary === undefined || entry.summary === '' || first === undefined)
    throw new Stop('report/no-results', exitCode.usage, {
      facts: { run: entry.run },
      hint: 'declarant status',
    });
  // The ledger has proved that this is the text that `endRun` was given.
  const summary: RunSummary = JSON.parse(entry.summary);
  return { entry, summary };
}

/** The files of that run that are there and unchanged: the annotated workbook shows them. */
export async function unchangedBooks(
  { files }: RunEntry,
  opened: AsyncDisposableStack,
  hidden: 'include' | 'skip' | 'error',
): Promise<SourceBook[]> {
  const books: SourceBook[] = [];
  for (const { file, digest } of files) {
    if (file === '-' || !existsSync(file)) continue;
    const book = await openBook(file, { hidden });
    opened.defer(() => book.close());
    if ((await book.digest()) === digest) books.push(book);
  }
  return books;
}
