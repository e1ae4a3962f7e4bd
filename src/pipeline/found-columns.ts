/** What is known of each column while a header is planned, and what comes out of it. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { Pack } from '../pack/pack.ts';
import type { Mapping, SheetMapping } from './mapping.ts';
import type { Known } from './match-column.ts';
import type { Recalled } from './memory.ts';
import type { ColumnPlan, IdleColumn } from './plan.ts';

export type PlannedColumns = {
  readonly columns: readonly ColumnPlan[];
  readonly idle: readonly IdleColumn[];
  readonly problems: readonly Problem[];
  readonly direction?: Direction;
};

export type PlanContext = {
  readonly pack: Pack;
  readonly mapping: Mapping | undefined;
  readonly sheet: SheetMapping | undefined;
  readonly recalled: Recalled | undefined;
  readonly where: { readonly file: string; readonly sheet?: string };
};

/** One column with a label or values: what is known of it so far. */
export type FoundColumn = {
  readonly column: number;
  readonly label: string;
  readonly samples: readonly string[];
  known?: Known & { readonly confidence: number; readonly facts?: Problem['facts'] };
};

export function fieldsByColumn(found: readonly FoundColumn[]): Map<number, readonly FieldPath[]> {
  return new Map(
    found.flatMap(({ column, known }) =>
      known && known.meaning.fields.length > 0 ? [[column, known.meaning.fields]] : [],
    ),
  );
}
