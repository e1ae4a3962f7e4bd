/** How the tables of a file hang together: whole, or a head joined with its lines; and what tells declarations apart. */
import type { FieldPath } from '../model/declaration.ts';
import type { Pack } from '../pack/pack.ts';
import type { Mapping } from './mapping.ts';
import type { ColumnPlan, TablePlan } from './plan.ts';

/** Columns by what they say: the head, a goods item, or a list beside the goods. */
export function byLevel(columns: readonly ColumnPlan[]): Pick<TablePlan, 'head' | 'goods' | 'attached'> {
  const attached = new Map<string, ColumnPlan[]>();
  for (const column of columns) {
    const { level, field } = column.fields[0];
    if (level === 'attached') attached.set(field.segment, [...(attached.get(field.segment) ?? []), column]);
  }
  const at = (level: string): ColumnPlan[] => columns.filter((column) => column.fields[0].level === level);
  return { head: at('head'), goods: at('goods'), attached };
}

/** A table whose columns are known, and not yet its place among the others. */
export type Found = Omit<TablePlan, 'id' | 'role' | 'keyColumns' | 'needed'>;

/** Gives each table its role, and the columns that tell declarations apart. */
export function arrange(
  found: readonly Found[],
  pack: Pack,
  mapping: Mapping | undefined,
  firstId: number,
): readonly TablePlan[] {
  const heads = found.filter((table) => table.head.length > 1 && table.goods.length === 0);
  const head =
    heads.length === 1 && found.some((table) => table.goods.length > 0 && table.head.length <= 4)
      ? heads[0]
      : undefined;
  const plans = found.map((table): Omit<TablePlan, 'id'> => {
    if (!head) return { ...table, role: 'whole', ...keyColumns(table, pack, mapping) };
    const shared =
      table === head
        ? joinColumns(
            head,
            found.filter((other) => other !== head),
          )
        : joinColumns(table, [head]);
    return { ...table, role: table === head ? 'head' : 'lines', keyColumns: shared, needed: 1 };
  });
  const order = { head: 0, lines: 1, whole: 1 };
  const attachedFirst = (plan: Omit<TablePlan, 'id'>): number =>
    order[plan.role] * 2 + (plan.goods.length > 0 ? 1 : 0);
  return plans
    .toSorted((a, b) => attachedFirst(a) - attachedFirst(b))
    .map((plan, index) => ({ ...plan, id: firstId + index }));
}

/** The head fields that a table shares with others, in the first one's order: what joins their rows. */
function joinColumns(table: Found, others: readonly Found[]): readonly ColumnPlan[] {
  return table.head.filter(({ fields }) =>
    others.every((other) => other.head.some((column) => column.fields[0].path === fields[0].path)),
  );
}

function keyColumns(
  table: Found,
  pack: Pack,
  mapping: Mapping | undefined,
): Pick<TablePlan, 'keyColumns' | 'needed'> {
  const columnOf = (path: FieldPath): ColumnPlan | undefined =>
    table.head.find((column) => column.fields[0].path === path);
  const isGiven = (path: FieldPath): boolean =>
    mapping?.constants?.[path] !== undefined ||
    (path === pack.direction.field && table.direction !== undefined);
  for (const { needs, also } of pack.identity) {
    if (!needs.every((path) => columnOf(path) !== undefined || isGiven(path))) continue;
    const needed = needs.map(columnOf).filter((column) => column !== undefined);
    const finer = also.map(columnOf).filter((column) => column !== undefined);
    if (needed.length > 0) return { keyColumns: [...needed, ...finer], needed: needed.length };
  }
  return { keyColumns: [], needed: 0 };
}
