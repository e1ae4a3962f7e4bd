/** The road of `check` and `import`: open everything, run, tell, and answer with the exit code. */
import { basename, dirname, join, resolve } from 'node:path';
import { keepHeapSmall } from '../heap.ts';
import type { RunId } from '../model/ids.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadDocuments } from '../pack/documents/load.ts';
import type { RunSummary } from '../model/result.ts';
import { run } from '../pipeline/run.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import { readMemory } from './remembered.ts';
import { openProgress } from '../progress.ts';
import { noLog, type RunLog } from '../run-log.ts';
import { traced } from '../window/traced.ts';
import { openAlso } from './also.ts';
import type { CommandInput } from './command.ts';
import { asOfDay } from './as-of.ts';
import { confirmer } from './confirm.ts';
import { documentsOf } from './documents.ts';
import { keepIn } from './keep-results.ts';
import { fieldKeeper, withKeeper } from './kept-fields.ts';
import { maxErrors } from './max-errors.ts';
import { openBooks, openLedgerFor, openPack, readMapping, newRunId } from './open.ts';
import { openLodging } from './open-window.ts';
import { askedReports } from './reports.ts';
import { openResults } from './results.ts';
import { catchSignals } from './signals.ts';
import { tellSummary } from './tell.ts';

const now = (): Date => new Date();

/** Takes each declaration that passed all checks, where nothing is lodged: see `RunOptions.take`. */
export type Taker = { readonly take: NonNullable<RunOptions['take']>; readonly restart: () => Promise<void> };

export type RunParts = {
  readonly log?: RunLog;
  readonly openTaker?: () => Promise<Taker>;
  /** The folder in which documents lie, where it is not the manifest's own. */
  readonly beside?: string;
};

export async function runFiles(
  mode: RunOptions['mode'],
  { args, config, flags, reader, typed }: CommandInput,
  { log = noLog, openTaker, beside }: RunParts = {},
): Promise<number> {
  const { settings } = config;
  const refusal = maxErrors(flags.get('maxErrors'));
  const asOf = asOfDay(flags.get('asOf'));
  keepHeapSmall();
  const runId = newRunId(now());
  await using opened = new AsyncDisposableStack();
  const signals = opened.use(catchSignals());
  const progress = await openProgress({ how: settings.progress, quiet: settings.quiet, lang: settings.lang });
  opened.defer(() => progress.end());
  const { pack, context, catalogue } = await openPack(settings);
  reader.context = context;
  const mapping = await readMapping(settings.mapping, pack);
  const { memory, problems } = await readMemory(config, pack);
  const books = await openBooks(args, settings, opened);
  // An export writes messages down: they are checked against other departments' documents when they are lodged.
  const also = openTaker ? undefined : await openAlso(settings, { pack, args, opened });
  // What is only written down is not held against what was lodged.
  const ledger = openTaker ? undefined : await openLedgerFor(mode, config, { opened, now });
  const window =
    mode === 'import'
      ? await openLodging(config, { pack, catalogue, opened, now, usesStdin: args.includes('-') })
      : undefined;
  const asked = [...(await askedReports(settings, { mode, books })), ...(also?.reports ?? [])];
  const isWritten = mode === 'import' || settings.out !== undefined || asked.length > 0;
  const results = await openResults({
    folder: isWritten ? resultsFolder(settings.out, { first: args[0] ?? '-', runId }) : undefined,
    format: settings.format,
    context,
    reports: asked,
    inputs: books,
  });
  opened.defer(() => results.abandon());
  if (mode === 'import') {
    const files = await Promise.all(
      books.map(async (book) => ({ file: book.file, digest: await book.digest() })),
    );
    ledger?.beginRun({ run: runId, command: mode, pack: pack.name, files, startedAt: now().toISOString() });
  }
  const taker = await openTaker?.();
  const fields = mode === 'import' ? fieldKeeper(loadDocuments(settings.pack, pack)) : undefined;
  const kept =
    mode === 'import' && ledger !== undefined ? keepIn(ledger, runId, fields?.fieldsOf) : undefined;
  log.write({ event: 'run-start', run: runId, mode, files: books.length });
  const loss = lossOf(runId);
  const told = await run({
    run: runId,
    mode,
    books,
    pack,
    ...(mapping === undefined ? {} : { mapping }),
    memory,
    ...(ledger === undefined ? {} : { ledger }),
    ...(window === undefined
      ? {}
      : { window: traced(window, (attempt) => log.write({ event: 'attempt', run: runId, ...attempt })) }),
    waitMs: settings.wait * 1000,
    ...refusal,
    ...confirmer({ mode, settings, window, progress, usesStdin: args.includes('-'), signal: signals.signal }),
    now,
    ...(asOf === undefined ? {} : { asOf }),
    signal: signals.signal,
    progress,
    write: async (chunk) => {
      kept?.add(chunk);
      if (kept === undefined) await results.write(chunk);
      else if (loss.stop() === undefined) await results.write(chunk).catch(loss.keep);
    },
    ...documentsOf(pack, beside),
    ...(taker === undefined ? {} : { take: taker.take }),
    ...withKeeper(also?.onlookers, fields),
    async restart() {
      await results.restart();
      await taker?.restart();
    },
  }).catch((failure: unknown) => {
    // What was lodged until then is in the ledger; the run itself has ended, and with this code.
    const exit = failure instanceof Stop ? failure.exit : exitCode.defect;
    if (mode === 'import') ledger?.endRun(runId, { endedAt: now().toISOString(), exit, summary: '' });
    throw failure;
  });
  const summary: RunSummary = {
    ...told,
    notices: [...problems, ...(also?.notices() ?? []), ...told.notices],
    exit: signals.exit() ?? emptyExit(told, settings.errorOnEmpty),
  };
  log.write({ event: 'run-end', run: runId, ...countsOf(summary) });
  kept?.end();
  const finished = loss.stop() === undefined ? await results.finish(summary).catch(loss.keep) : undefined;
  const lost = loss.stop();
  if (mode === 'import')
    ledger?.endRun(runId, {
      endedAt: now().toISOString(),
      exit: lost?.exit ?? summary.exit,
      summary: JSON.stringify(summary),
    });
  progress.end();
  if (lost !== undefined) throw lost;
  const written = finished ?? [];
  await tellSummary(summary, { settings, context, written, examples: results.examples, typed });
  const failure = results.failure();
  // Told as any other stop, unless how the run itself ended matters more.
  if (failure !== undefined && summary.exit <= exitCode.someRefused) throw failure;
  return summary.exit;
}

type Loss = { readonly keep: (failure: unknown) => undefined; readonly stop: () => Stop | undefined };

/** Results that could not be written: the run goes on to its end, for what it lodged is in the ledger, and so are the results. */
function lossOf(run: RunId): Loss {
  let lost: Stop | undefined;
  return {
    keep(failure) {
      if (!(failure instanceof Stop)) throw failure;
      const { code, exit, facts } = failure;
      lost ??= new Stop(code, exit, { facts, hint: `declarant report --run ${run}`, cause: failure });
    },
    stop: () => lost,
  };
}

/** Beside the first input and named after the run, unless `--out` says where. */
function resultsFolder(out: string | undefined, { first, runId }: { first: string; runId: string }): string {
  if (out !== undefined) return out;
  const name = first === '-' ? 'stdin' : basename(first);
  return join(first === '-' ? process.cwd() : dirname(resolve(first)), `${name}.results-${runId}`);
}

/** Declarations by outcome; the names of the outcomes are ours. */
function countsOf({ exit, rows, declarations, byOutcome, tookMs }: RunSummary): Record<string, number> {
  const counts = Object.entries(byOutcome).map(([outcome, count]) => [outcome, count.declarations] as const);
  return { exit, rows, declarations, ...Object.fromEntries(counts), tookMs };
}

function emptyExit({ exit, rows }: RunSummary, errorOnEmpty: boolean): number {
  return exit === exitCode.done && rows === 0 && errorOnEmpty ? exitCode.nothingToDo : exit;
}
