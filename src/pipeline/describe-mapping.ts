/** Writes down, as a mapping file, what was understood of a manifest's columns: for the clerk to read, mend and keep. */
import type { FieldPath } from '../model/declaration.ts';
import type { Pack } from '../pack/pack.ts';
import type { Mapping, SheetMapping } from './mapping.ts';
import type { Target } from './memory.ts';
import type { BookPlan } from './plan-book.ts';
import type { TablePlan } from './plan.ts';

/** JSON that `--mapping` takes. */
export type DescribedMapping = Mapping & { readonly $schema: string };

/** Whether a person, or a list of words, said which field a column is. */
export function isSettled({ evidence }: Pick<TablePlan['columns'][number], 'evidence'>): boolean {
  return evidence !== 'guess' && evidence !== 'context';
}

/**
 * Columns that found no field and resemble none are written as `null`: not declared. What is guessed, or may be one of several
 * fields, is left out: it stays open until a person says so.
 */
export function describeMapping(
  { tables }: Pick<BookPlan, 'tables'>,
  { pack, mapping }: { pack: Pack; mapping: Mapping | undefined },
): DescribedMapping {
  const sheets = tables.map((table): [string, SheetMapping] => {
    const { sheet, headerLine, lastLine } = table;
    const columns = Object.fromEntries(settledColumns(table));
    return [sheet ?? '*', { headerLine, ...(lastLine === undefined ? {} : { lastLine }), columns }];
  });
  return {
    $schema: 'urn:declarant:mapping:1',
    version: 1,
    pack: pack.name,
    sheets: Object.fromEntries(sheets),
    constants: mapping?.constants ?? {},
    defaults: mapping?.defaults ?? {},
    lookups: mapping?.lookups ?? {},
  };
}

/** Header text → field, in the order of the columns. */
export function settledColumns({ columns, idle }: TablePlan): readonly (readonly [string, Target])[] {
  const placed: { readonly column: number; readonly entry: readonly [string, Target] }[] = [];
  for (const plan of columns) {
    if (!isSettled(plan)) continue;
    const [first, ...rest]: readonly FieldPath[] = plan.fields.map(({ path }) => path);
    if (first !== undefined)
      placed.push({
        column: plan.column,
        entry: [plan.header, rest.length === 0 ? first : [first, ...rest]],
      });
  }
  for (const { column, header, isKnown, candidates } of idle) {
    if (isKnown || candidates.length === 0) placed.push({ column, entry: [header, null] });
  }
  return placed.toSorted((a, b) => a.column - b.column).map(({ entry }) => entry);
}

/** The header's texts in the order of the columns: what a memory is found by. */
export function headerTexts({ columns, idle }: TablePlan): readonly string[] {
  return [...columns, ...idle].toSorted((a, b) => a.column - b.column).map(({ header }) => header);
}
