/** `declarant report --run ID`: the reports of an earlier import made again, as everything stands today. */
import { resolve } from 'node:path';
import { openLedger } from '../ledger/open-ledger.ts';
import type { Decision, RunSummary } from '../model/result.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { asOfToday, recounter } from '../pipeline/recount.ts';
import { keptResults } from '../reports/kept-results.ts';
import type { CommandInput } from './command.ts';
import { documentsAgain } from './documents-again.ts';
import { runIn, unchangedBooks } from './earlier-run.ts';
import { openPack } from './open.ts';
import { askedReports } from './reports.ts';
import { openResults } from './results.ts';
import { windowWords } from './same-window.ts';
import { tellSummary } from './tell.ts';

export async function run({ flags, config, reader, typed }: CommandInput): Promise<number> {
  const { settings } = config;
  await using opened = new AsyncDisposableStack();
  const ledger = await openLedger({ file: settings.ledger, now: () => new Date(), mode: 'read' });
  opened.defer(() => ledger.close());
  const { entry, summary } = runIn(ledger, flags.get('run'));
  const { context, pack } = await openPack({ ...settings, pack: entry.pack });
  reader.context = context;
  const kinds = (settings.report ?? 'html').split(',');
  const books = kinds.includes('xlsx') ? await unchangedBooks(entry, opened, settings.hidden) : [];
  if (kinds.includes('xlsx') && books.length < entry.files.length)
    throw new Stop('report/file-changed', exitCode.usage, {
      facts: { run: entry.run, files: entry.files.map(({ file }) => file) },
    });
  const asked = await askedReports({ ...settings, report: kinds.join(',') }, { mode: 'check', books });
  const isTyped = typeof flags.get('also') === 'string';
  const documents = documentsAgain(
    { ...settings, pack: entry.pack },
    { pack, ledger, run: entry.run, isTyped },
  );
  const results = await openResults({
    folder: settings.out ?? resolve(`report-${entry.run}`),
    format: settings.format,
    context,
    reports: [...asked, ...documents.reports],
    inputs: books,
  });
  opened.defer(() => results.abandon());
  const counter = recounter();
  const entryOf = ledger.find.bind(ledger);
  const today = (decision: Decision): Decision =>
    decision.key === undefined ? decision : asOfToday(decision, entryOf([decision.key]).get(decision.key));
  for (const chunk of keptResults(ledger.resultsOf(entry.run), (decision, fields) => {
    documents.look(decision, fields);
    return today(decision);
  })) {
    counter.add(chunk);
    await results.write(chunk);
  }
  const counted: RunSummary = { ...summary, ...counter.counts() };
  const told: RunSummary = { ...counted, notices: documents.noticesAfter(counted) };
  const written = await results.finish(told);
  // What is left to do is done by the import, not by asking for its report again.
  const again = [entry.command, ...entry.files.map(({ file }) => file), ...windowWords(typed)];
  await tellSummary(told, { settings, context, written, examples: results.examples, typed: again });
  return exitCode.done;
}
