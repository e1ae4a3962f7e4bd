/** Finds the cell that a place of a declaration came from, so that every problem names a cell. */
import type { Origin, Place } from '../model/declaration.ts';
import type { Problem, ProblemCode, Severity, Fact } from '../model/problem.ts';
import type { Draft } from './drafts.ts';
import { flat } from './flat.ts';
import type { ColumnPlan, TablePlan } from './plan.ts';
import { cellText } from './row-key.ts';
import { bareRow } from './tracked.ts';

/** Where the values of one declaration came from. */
export type Origins = {
  readonly drafts: readonly [Draft, ...Draft[]];
  /** Segment → the row of each of its entries. */
  readonly entries: ReadonlyMap<string, readonly Draft[]>;
};

export type Said = {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly facts?: Readonly<Record<string, Fact>>;
};

/** A problem at one cell of one row. */
export function problemAtCell(
  said: Said,
  draft: Draft,
  column: ColumnPlan,
  path?: Problem['field'],
): Problem {
  return {
    ...said,
    row: bareRow(draft.ref),
    column: column.column,
    header: column.header,
    field: path ?? column.fields[0].path,
    value: flat(draft.source.cells[column.column] ?? ''),
  };
}

/** A problem at a place of the declaration: at its cell where it has one, else at the row it belongs to. */
export function problemAtPlace(said: Said, place: Place | undefined, origins: Origins): Problem {
  const { draft, column } = cellOf(place, origins);
  const path = place?.tag === undefined ? undefined : (`${place.segment}.${place.tag}` as const);
  if (column) return problemAtCell(said, draft, column, path);
  return { ...said, row: bareRow(draft.ref), ...(path ? { field: path } : {}) };
}

/** The cell's name and sheet, for the facts of a problem that concerns two cells. */
export function cellOf(place: Place | undefined, origins: Origins): { draft: Draft; column?: ColumnPlan } {
  const [first] = origins.drafts;
  if (!place) return { draft: first };
  if (place.index !== undefined) {
    const draft = origins.entries.get(place.segment)?.[place.index] ?? first;
    const column = columnOf(draft.plan, place);
    return column ? { draft, column } : { draft };
  }
  let empty: { draft: Draft; column: ColumnPlan } | undefined;
  for (const draft of origins.drafts) {
    const column = columnOf(draft.plan, place);
    if (!column) continue;
    if (cellText(draft, column.column) !== '') return { draft, column };
    empty ??= { draft, column };
  }
  return empty ?? { draft: first };
}

/** Remembers rows and columns, and lets the cells go: what may be kept until the window has spoken. */
export function originFinder({ drafts, entries }: Origins): (place: Place) => Origin {
  const seen = new Map<TablePlan, Draft['ref']>();
  for (const { plan, ref } of drafts) if (!seen.has(plan)) seen.set(plan, ref);
  const heads = [...seen];
  const lists = new Map(
    [...entries].map(([segment, rows]) => [segment, rows.map(({ plan, ref }) => [plan, ref] as const)]),
  );
  const [first] = drafts;
  const { ref: firstRow } = first;
  return (place) => {
    const entry = place.index === undefined ? undefined : lists.get(place.segment)?.[place.index];
    const [plan, ref] = entry ??
      heads.find(([each]) => columnOf(each, place) !== undefined) ?? [undefined, firstRow];
    const column = plan && columnOf(plan, place);
    return column
      ? { row: bareRow(ref), column: column.column, header: column.header }
      : { row: bareRow(ref) };
  };
}

function columnOf(plan: TablePlan, { segment, tag }: Place): ColumnPlan | undefined {
  return plan.columns.find(({ fields }) =>
    fields.some(({ field }) => field.segment === segment && field.tag === tag),
  );
}
