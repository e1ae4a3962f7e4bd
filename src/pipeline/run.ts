/** One run, read like a table of contents: file → rows → drafts → declarations → window → results. */
import { isResultLabel } from '../model/own-marks.ts';
import type { RunSummary, TablePlace } from '../model/result.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { type Engine, openEngine } from './engine.ts';
import { exitOf } from './exit.ts';
import { type Scattered } from './group.ts';
import { type BookPlan, planBook, requireDecided } from './plan-book.ts';
import type { TablePlan } from './plan.ts';
import { reconcile } from './reconcile.ts';
import { type Pass, pass, type PassKind, type Summary } from './pass.ts';
import type { Onlooker } from './documents/seen.ts';
import type { RunOptions } from './run-options.ts';

export async function run(options: RunOptions): Promise<RunSummary> {
  const startedAt = options.now();
  const plans = await planAll(options);
  const engine = engineOf(options);
  if (engine) await reconcile(engine);
  const scattered: Scattered = new Map();
  const { gathering, deciding } = options.also ?? {};
  // What declarations name besides is looked at when they are judged.
  const { documents: _named, ...bare } = options;
  if (gathering) await whole(plans, bare, { scattered, engine: undefined, isSurvey: true, look: gathering });
  const isSurvey = options.mode === 'import';
  // A survey judges as the pass that decides does, and makes nothing.
  const look = isSurvey ? judgeOf(deciding) : deciding;
  let result = await whole(plans, options, { scattered, engine: undefined, isSurvey, look });
  if (engine) {
    await askToGoOn(result.summary, options);
    result = await pass(plans, options, { scattered, engine, isSurvey: false, look: deciding });
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
    ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
    startedAt: startedAt.toISOString(),
    tookMs: options.now().getTime() - startedAt.getTime(),
    ...summary,
    notices,
    exit: options.signal.aborted ? exitCode.interrupted : exitOf(summary.byOutcome, waited),
  };
}

/** One pass, and once more where rows of one declaration did not stand together. */
async function whole(plans: readonly BookPlan[], options: RunOptions, kind: PassKind): Promise<Pass> {
  const result = await pass(plans, options, kind);
  if (result.found.size === 0) return result;
  for (const [table, keys] of result.found) kind.scattered.set(table, keys);
  await options.restart();
  options.also?.gathering?.restart();
  return pass(plans, options, kind);
}

function judgeOf(look: Onlooker | undefined): Onlooker | undefined {
  return look?.judge && { judge: look.judge };
}

function placeOfTable({ file, sheet, headerLine, lastHeaderLine, idle }: TablePlan): TablePlace {
  const resultColumns = idle.filter(({ header }) => isResultLabel(header)).map(({ column }) => column);
  return { file, ...(sheet === undefined ? {} : { sheet }), headerLine, lastHeaderLine, resultColumns };
}

async function planAll({
  books,
  pack,
  mapping,
  memory = [],
  mode,
  take,
}: RunOptions): Promise<readonly BookPlan[]> {
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
  return openEngine({
    run: options.run,
    pack: pack.name,
    ledger,
    window,
    promises: pack.window,
    now,
    signal,
  });
}
