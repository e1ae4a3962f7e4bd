/** What is wrong with the other file as a whole: no table with the needed columns, a column that is not there, or is there twice. */
import type { DocumentSpec } from '../../model/document.ts';
import type { Problem } from '../../model/problem.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import { comparedOf } from './declared.ts';
import type { ListedColumns } from './listed-columns.ts';

export type TablePlace = { readonly file: string; readonly sheet?: string };

/** The file, and its sheet where it has several. */
export function tableText({ file, sheet }: TablePlace): string {
  return sheet === undefined ? file : `${file} ${sheet}`;
}

/** Columns that would be compared, if they were there. */
export function absentColumns(
  { columns, line }: ListedColumns,
  spec: DocumentSpec,
  place: TablePlace,
): readonly Problem[] {
  return comparedOf(spec).flatMap(({ name, from, listed }): readonly Problem[] => {
    if (columns.has(name) || !('field' in from)) return [];
    const facts = {
      document: [spec.name],
      table: tableText(place),
      words: (listed?.words ?? []).slice(0, 6),
    };
    const row = { ...place, line };
    return [{ code: 'document/column-absent', severity: 'warning', row, field: from.field, facts }];
  });
}

export function columnTwice({ twice, line }: ListedColumns, { name }: DocumentSpec, place: TablePlace): Stop {
  return new Stop('document/column-twice', exitCode.unreadable, {
    facts: { document: [name], table: tableText(place), line, columns: twice },
  });
}

export function noTable(file: string, spec: DocumentSpec): Stop {
  const needed = spec.elements.filter(({ listed }) => listed?.isNeeded === true);
  const words = needed.map(({ listed }) => (listed?.words ?? []).slice(0, 1).join(''));
  const english = needed.map(
    ({ listed }) => (listed?.words ?? []).find((word) => /^[A-Z]/u.test(word)) ?? '',
  );
  return new Stop('document/no-table', exitCode.unreadable, {
    facts: { document: [spec.name], file, words: [...words, ...english] },
  });
}
