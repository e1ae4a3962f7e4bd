/** One run, read like a table of contents: file → rows → drafts → declarations → window → results. */
import type { SourceBook } from '../formats/format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunId } from '../model/ids.ts';
import { isError, type Problem } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import { isResultLabel } from '../model/own-marks.ts';
import type { RowResult, RunSummary, TablePlace } from '../model/result.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { CheckContext, Pack } from '../pack/pack.ts';
import type { SingleWindow } from '../window/single-window.ts';
import { Collector } from './collect.ts';
import { declare } from './declare.ts';
import { dedupe } from './dedupe.ts';
import type { ReadState } from './drafts.ts';
import { type Engine, openEngine } from './engine.ts';
import { exitOf } from './exit.ts';
import { type DraftGroup, group, type Scattered } from './group.ts';
import type { Mapping } from './mapping.ts';
import type { Remembered } from './memory.ts';
import { type BookPlan, planBook, requireDecided } from './plan-book.ts';
import type { TablePlan } from './plan.ts';
import { reconcile } from './reconcile.ts';
import { submit } from './submit.ts';
import { type Decided, setAside, type Tracked } from './tracked.ts';
import type { Declaration } from '../model/declaration.ts';

export type RunOptions = {
  readonly run: RunId;
  /** `check` ends after validation, or after de-duplication where there is a ledger; `dry-run` likewise, and says what would be lodged; `import` lodges. */
  readonly mode: 'check' | 'dry-run' | 'import';
  readonly books: readonly SourceBook[];
  readonly pack: Pack;
  readonly mapping?: Mapping;
  /** What was confirmed of headers before. */
  readonly memory?: readonly Remembered[];
  readonly ledger?: Ledger;
  /** Needed for `import`. */
  readonly window?: SingleWindow;
  /** How long to wait for verdicts after the last batch went out. */
  readonly waitMs: number;
  /** Asked once, after all is checked and before the first request, where lodging needs a person's word. */
  readonly confirm?: (counts: { readonly rows: number; readonly declarations: number; readonly setAside: number }) => Promise<boolean>;
  /** Asked once, after all is checked and before the first request: a stop keeps everything back. */
  readonly refuse?: (counts: { readonly rows: number; readonly declarations: number; readonly setAside: number }) => Stop | undefined;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** In a run that lodges nothing: gets each declaration that passed all checks. The errors it gives back set it aside. May be asked again after `restart`. */
  readonly take?: (declaration: Declaration) => Promise<readonly Problem[]>;
  /** Gets every row's result once, in input order. */
  readonly write: (results: readonly RowResult[]) => Promise<void>;
  /** Forgets everything written so far: the files are read once more. */
  readonly restart: () => Promise<void>;
};

export async function run(options: RunOptions): Promise<RunSummary> {
  const startedAt = options.now();
  const plans = await planAll(options);
  const engine = engineOf(options);
  if (engine) await reconcile(engine);
  const scattered: Scattered = new Map();
  let result = await pass(plans, options, { scattered, engine: undefined, isSurvey: options.mode === 'import' });
  if (result.found.size > 0) {
    for (const [table, keys] of result.found) scattered.set(table, keys);
    await options.restart();
    result = await pass(plans, options, { scattered, engine: undefined, isSurvey: options.mode === 'import' });
  }
  if (engine) {
    await askToGoOn(result.summary, options);
    result = await pass(plans, options, { scattered, engine, isSurvey: false });
  }
  const { summary } = result;
  const waited = options.mode === 'import' && options.waitMs > 0;
  const notices = [...plans.flatMap((plan) => plan.problems), ...result.leftOut];
  options.progress.end();
  return {
    run: options.run,
    mode: options.mode,
    pack: `${options.pack.name} ${options.pack.version}`,
    ...(options.window ? { window: options.window.name } : {}),
    files: options.books.map((book) => book.file),
    tables: plans.flatMap((plan) => plan.tables.map(placeOfTable)),
    startedAt: startedAt.toISOString(),
    tookMs: options.now().getTime() - startedAt.getTime(),
    ...summary,
    notices,
    exit: options.signal.aborted ? exitCode.interrupted : exitOf(summary.byOutcome, waited),
  };
}

function placeOfTable({ file, sheet, headerLine, lastHeaderLine, idle }: TablePlan): TablePlace {
  const resultColumns = idle.filter(({ header }) => isResultLabel(header)).map(({ column }) => column);
  return { file, ...(sheet === undefined ? {} : { sheet }), headerLine, lastHeaderLine, resultColumns };
}

async function planAll({ books, pack, mapping, memory = [], mode, take }: RunOptions): Promise<readonly BookPlan[]> {
  const plans: BookPlan[] = [];
  let firstId = 0;
  for (const book of books) {
    const plan = await planBook(book, { pack, mapping, memory, firstId });
    // What is written down to be lodged elsewhere is lodged all the same.
    requireDecided(plan, take ? 'import' : mode);
    plans.push(plan);
    firstId += plan.tables.length;
  }
  return plans;
}

type Summary = Awaited<ReturnType<Collector['end']>>;
type Pass = { readonly summary: Summary; readonly found: Scattered; readonly leftOut: readonly Problem[] };

/** All files once, from the first byte to the last. A survey writes nothing: it proves that all can be read before anything is sent. */
async function pass(
  plans: readonly BookPlan[],
  options: RunOptions,
  { scattered, engine, isSurvey }: { scattered: Scattered; engine: Engine | undefined; isSurvey: boolean },
): Promise<Pass> {
  const { pack, mapping, ledger, progress } = options;
  const found: Scattered = new Map();
  const state: ReadState = { rows: 0, leftOut: [] };
  const collector = new Collector(isSurvey ? async () => {} : options.write);
  const tables = plans.flatMap((plan) => plan.tables);
  const tableName = (id: number): string => nameOfTable(tables.find((table) => table.id === id));
  const groups = groupAll(plans, { pack, state, known: scattered, found });
  const declared = declare(groups, { pack, mapping, context: contextOf(options), withBody: ledger !== undefined || options.take !== undefined, tableName });
  const checked = dedupe(declared, ledger);
  let told = { lodged: 0, decided: 0 };
  const tell = (phase: Parameters<Progress['update']>[0]['phase']): void =>
    progress.update({ phase, rows: state.rows, declarations: collector.declarations, ...told, ...bytesRead(options.books) });
  if (engine) {
    const decided = await submit(checked, engine, {
      waitMs: options.waitMs,
      pass: (each) => collector.take(each),
      tell: ({ phase, lodged, decided: count }) => {
        told = { lodged: lodged ?? told.lodged, decided: count ?? told.decided };
        tell(phase);
      },
    });
    await collector.take(decided);
  } else {
    for await (const chunk of checked) {
      await collector.take(options.take ? await taken(chunk, options.take) : chunk.map(valid));
      tell('checking');
    }
  }
  if (found.size > 0) return { summary: await new Collector(async () => {}).end(0), found, leftOut: [] };
  return { summary: await collector.end(state.rows), found, leftOut: state.leftOut };
}

/** `manifest.xlsx 空运进口`: a duplicate says where the first one stands. */
function nameOfTable(table: TablePlan | undefined): string {
  return table === undefined ? '' : [table.file, table.sheet].filter((part) => part !== undefined).join(' ');
}

/** Of all files together, where every one of them can tell. */
function bytesRead(books: readonly SourceBook[]): { readonly bytes?: { readonly read: number; readonly total: number } } {
  let read = 0;
  let total = 0;
  for (const book of books) {
    const one = book.progress?.();
    if (!one) return {};
    read += one.read;
    total += one.total;
  }
  return total > 0 ? { bytes: { read, total } } : {};
}

async function* groupAll(plans: readonly BookPlan[], context: Parameters<typeof group>[1]): AsyncGenerator<readonly DraftGroup[]> {
  for (const { tables } of plans) yield* group(tables, context);
}

/** What passed all checks, in a run that lodges nothing. */
function valid(each: Tracked<Declaration>): Decided {
  if (each.kind === 'decided') return each;
  const { rows, value, problems } = each;
  return { kind: 'decided', rows, decision: { rows, key: value.key, outcome: 'valid', receipts: [], problems, filled: value.filled } };
}

async function taken(chunk: readonly Tracked<Declaration>[], take: NonNullable<RunOptions['take']>): Promise<readonly Decided[]> {
  const decided: Decided[] = [];
  for (const each of chunk) {
    const problems = each.kind === 'live' ? await take(each.value) : [];
    const isRefused = each.kind === 'live' && problems.some(isError);
    if (isRefused) decided.push(setAside(each.rows, [...each.problems, ...problems], { key: each.value.key, filled: each.value.filled }));
    else decided.push(valid(each.kind === 'live' ? { ...each, problems: [...each.problems, ...problems] } : each));
  }
  return decided;
}

function contextOf({ now }: RunOptions): CheckContext {
  // China has one time zone without summer time; the sandbox keeps it too.
  return { today: new Date(now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '') };
}

async function askToGoOn(summary: Summary, { confirm, refuse }: RunOptions): Promise<void> {
  const { rows, declarations, byOutcome } = summary;
  const refusal = refuse?.({ rows, declarations, setAside: byOutcome['set-aside'].declarations });
  if (refusal) throw refusal;
  const toLodge = byOutcome.valid.declarations;
  if (!confirm || toLodge === 0) return;
  const isAgreed = await confirm({ rows, declarations: toLodge, setAside: declarations - toLodge });
  if (!isAgreed) throw new Stop('run/not-confirmed', exitCode.usage);
}

/** What lodging works with, for a road that reads no files. */
export type EngineParts = Pick<RunOptions, 'run' | 'mode' | 'ledger' | 'window' | 'pack' | 'now' | 'signal'>;

export function engineOf(options: EngineParts): Engine | undefined {
  const { mode, ledger, window, pack, now, signal } = options;
  if (mode !== 'import') return undefined;
  if (!ledger || !window) throw new Error('an import needs a ledger and a window');
  return openEngine({ run: options.run, pack: pack.name, ledger, window, promises: pack.window, now, signal });
}
