/** Finds required fields that no column can ever fill, before any row is read. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { Pack } from '../pack/pack.ts';
import type { Mapping } from './mapping.ts';
import type { TablePlan } from './plan.ts';

/** A file with more columns that nobody knows has another trouble. */
const mostNamed = 12;

/** One problem for each field that every declaration of the file needs and that has neither a column, nor a constant, nor a default. */
export function missingFields(
  tables: readonly TablePlan[],
  pack: Pack,
  mapping: Mapping | undefined,
): readonly Problem[] {
  const given = new Set<FieldPath>(
    tables.flatMap((table) => table.columns.flatMap((column) => column.fields.map(({ path }) => path))),
  );
  for (const path of [...Object.keys(mapping?.constants ?? {}), ...Object.keys(mapping?.defaults ?? {})])
    given.add(path as FieldPath);
  const touched = new Set([...given].map((path) => path.slice(0, path.indexOf('.'))));
  const known = tables.map((table) => table.direction).find((direction) => direction !== undefined);
  if (known) given.add(pack.direction.field);
  const [first] = tables;
  if (!first) return [];
  const row = {
    file: first.file,
    ...(first.sheet === undefined ? {} : { sheet: first.sheet }),
    line: first.headerLine,
  };
  const unread = new Set(
    tables.flatMap(({ idle }) => idle.filter(({ isKnown }) => !isKnown).map(({ header }) => header)),
  );
  const directions: readonly Direction[] = known ? [known] : ['import', 'export'];
  const problems: Problem[] = [];
  for (const [path, field] of pack.fields) {
    const segment = pack.segments.get(field.segment);
    // Other segments are asked for completely where the file has a column of theirs.
    const isAsked =
      segment?.isRequired || (segment?.level === 'goods' && !segment.parent) || touched.has(field.segment);
    const isNeeded = directions.every(
      (direction) => field.need[direction] === 'save' || field.need[direction] === 'declare',
    );
    if (isAsked && isNeeded && !given.has(path) && !pack.fillable.has(path)) {
      problems.push({
        code: 'mapping/required-field-without-column',
        severity: 'error',
        row,
        field: path,
        facts: { path, unread: [...unread].slice(0, mostNamed) },
      });
    }
  }
  return problems;
}
