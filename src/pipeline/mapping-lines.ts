/** Writes what is open as the lines that a mapping file wants: to be pasted, with `…` where only a person knows. */
import type { FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { BookPlan } from './plan-book.ts';

/** JSON in one line. Columns that may be several fields name the likeliest; a field that one of them may be needs no constant beside it. */
export function mappingLines({ tables }: Pick<BookPlan, 'tables'>, open: readonly Problem[]): string {
  const sheets: Record<string, { columns: Record<string, FieldPath | null> }> = {};
  for (const { sheet, columns, idle } of tables) {
    const unsure = columns.filter(({ evidence }) => evidence === 'guess' || evidence === 'context');
    const lines: [string, FieldPath][] = [
      ...unsure.map(({ header, fields: [{ path }] }): [string, FieldPath] => [header, path]),
      ...idle.flatMap(({ header, candidates: [path] }): [string, FieldPath][] =>
        path === undefined ? [] : [[header, path]],
      ),
    ];
    if (lines.length > 0) sheets[sheet ?? '*'] = { columns: Object.fromEntries(lines) };
  }
  const constants: Record<string, string> = {};
  for (const { code, field, row } of open) {
    if (code !== 'mapping/required-field-without-column' || !field) continue;
    const named = Object.values(sheets[row?.sheet ?? '*']?.columns ?? {});
    if (!named.includes(field)) constants[field] = '…';
  }
  const parts = {
    version: 1,
    ...(Object.keys(constants).length > 0 ? { constants } : {}),
    ...(Object.keys(sheets).length > 0 ? { sheets } : {}),
  };
  return JSON.stringify(parts);
}
