/** Writes down, as a mapping file, what was understood of a manifest's columns: for the clerk to read, mend and keep. */
import type { SourceBook } from '../formats/format.ts';
import type { FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { Pack } from '../pack/pack.ts';
import type { Mapping, SheetMapping } from './mapping.ts';
import { planBook } from './plan-book.ts';
import type { TablePlan } from './plan.ts';

export type Described = {
  /** JSON that `--mapping` takes. */
  readonly mapping: Mapping & { readonly $schema: string };
  readonly tables: readonly TablePlan[];
  /** Columns and required fields that are still open. */
  readonly open: readonly Problem[];
  readonly notices: readonly Problem[];
};

/** Columns that found no field are written as `null`: not declared, until the clerk names a field for them. */
export async function describeMapping(book: SourceBook, { pack, mapping }: { pack: Pack; mapping: Mapping | undefined }): Promise<Described> {
  const plan = await planBook(book, { pack, mapping, firstId: 0 });
  const sheets: [string, SheetMapping][] = plan.tables.map((table) => {
    const columns: [string, FieldPath | readonly FieldPath[] | null][] = [
      ...table.columns.map(({ column, header, fields: [first, ...rest] }) => {
        const target = rest.length === 0 ? first.path : [first.path, ...rest.map(({ path }) => path)];
        return { column, entry: [header, target] as [string, FieldPath | readonly FieldPath[] | null] };
      }),
      ...table.idle.map(({ column, header }) => ({ column, entry: [header, null] as [string, null] })),
    ]
      .toSorted((a, b) => a.column - b.column)
      .map(({ entry }) => entry);
    return [table.sheet ?? '*', { headerLine: table.headerLine, columns: Object.fromEntries(columns) }];
  });
  const kept = { constants: mapping?.constants ?? {}, defaults: mapping?.defaults ?? {}, lookups: mapping?.lookups ?? {} };
  const described = { $schema: 'urn:declarant:mapping:1', version: 1, pack: pack.name, sheets: Object.fromEntries(sheets), ...kept } as const;
  return { mapping: described, tables: plan.tables, open: plan.open, notices: plan.problems };
}
