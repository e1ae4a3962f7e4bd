/** One pass over all files of a run: from the first byte to the last, through every stage. */
import type { SourceBook } from '../formats/format.ts';
import { isError, type Problem } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import type { CheckContext } from '../pack/pack.ts';
import { Collector } from './collect.ts';
import { declare } from './declare.ts';
import { dedupe } from './dedupe.ts';
import type { ReadState } from './drafts.ts';
import { type Engine } from './engine.ts';
import { type DraftGroup, group, type Scattered } from './group.ts';
import { type BookPlan } from './plan-book.ts';
import type { TablePlan } from './plan.ts';
import { submit } from './submit.ts';
import { type Decided, setAside, type Tracked } from './tracked.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Onlooker } from './documents/seen.ts';
import type { RunOptions } from './run-options.ts';
import { keptByWindow, withDocuments } from './with-documents.ts';

export type Summary = Awaited<ReturnType<Collector['end']>>;
export type Pass = {
  readonly summary: Summary;
  readonly found: Scattered;
  readonly leftOut: readonly Problem[];
};

export type PassKind = {
  readonly scattered: Scattered;
  readonly engine: Engine | undefined;
  readonly isSurvey: boolean;
  readonly look: Onlooker | undefined;
};

/** All files once, from the first byte to the last. A survey writes nothing: it proves that all can be read before anything is sent. */
export async function pass(
  plans: readonly BookPlan[],
  options: RunOptions,
  { scattered, engine, isSurvey, look }: PassKind,
): Promise<Pass> {
  const { pack, mapping, ledger, progress } = options;
  const found: Scattered = new Map();
  const state: ReadState = { rows: 0, leftOut: [] };
  const collector = new Collector(isSurvey ? async () => {} : options.write);
  const tables = plans.flatMap((plan) => plan.tables);
  const tableName = (id: number): string => nameOfTable(tables.find((table) => table.id === id));
  const groups = groupAll(plans, { pack, state, known: scattered, found });
  const declared = declare(groups, {
    pack,
    mapping,
    context: contextOf(options),
    withBody: ledger !== undefined || options.take !== undefined,
    documents: options.documents?.segment,
    tableName,
    look,
  });
  const checked = dedupe(withDocuments(declared, { documents: options.documents, ledger }), ledger);
  let told = { lodged: 0, decided: 0 };
  const tell = (phase: Parameters<Progress['update']>[0]['phase']): void =>
    progress.update({
      phase,
      rows: state.rows,
      declarations: collector.declarations,
      ...told,
      ...bytesRead(options.books),
    });
  if (engine) {
    const decided = await submit(keptByWindow(checked, engine.window), engine, {
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
function bytesRead(books: readonly SourceBook[]): {
  readonly bytes?: { readonly read: number; readonly total: number };
} {
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

async function* groupAll(
  plans: readonly BookPlan[],
  context: Parameters<typeof group>[1],
): AsyncGenerator<readonly DraftGroup[]> {
  for (const { tables } of plans) yield* group(tables, context);
}

/** What passed all checks, in a run that lodges nothing. */
function valid(each: Tracked<Declaration>): Decided {
  if (each.kind === 'decided') return each;
  const { rows, value, problems } = each;
  return {
    kind: 'decided',
    rows,
    decision: { rows, key: value.key, outcome: 'valid', receipts: [], problems, filled: value.filled },
  };
}

async function taken(
  chunk: readonly Tracked<Declaration>[],
  take: NonNullable<RunOptions['take']>,
): Promise<readonly Decided[]> {
  const decided: Decided[] = [];
  for (const each of chunk) {
    const problems = each.kind === 'live' ? await take(each.value) : [];
    const isRefused = each.kind === 'live' && problems.some(isError);
    if (isRefused)
      decided.push(
        setAside(each.rows, [...each.problems, ...problems], {
          key: each.value.key,
          filled: each.value.filled,
        }),
      );
    else
      decided.push(
        valid(each.kind === 'live' ? { ...each, problems: [...each.problems, ...problems] } : each),
      );
  }
  return decided;
}

/** Today where the window is, unless another day was named. */
export function contextOf({ now, pack, asOf }: Pick<RunOptions, 'now' | 'pack' | 'asOf'>): CheckContext {
  const there = new Date(now().getTime() + pack.utcOffsetMinutes * 60_000);
  return { today: (asOf ?? there.toISOString().slice(0, 10)).replaceAll('-', '') };
}
