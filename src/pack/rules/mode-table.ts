/** A table looked up by head fields: direction, supervision mode, levy nature. `*` in a row matches any value, empty included. */
import type { DeclarationContent } from '../../model/declaration.ts';
import { refOf, valueOf } from './field.ts';
import { readFields, readTable, type Options } from './options.ts';

/** `keys`: two or three fields, of which the last may be `*`; `rows`: a value of each, then the result. */
export function compileModeTable(options: Options): (content: DeclarationContent) => string | undefined {
  const keys = readFields(options, 'keys').map(refOf);
  const rows = new Map(
    readTable(options, 'rows').map((row) => [row.slice(0, -1).join('|'), row.at(-1) ?? ''] as const),
  );
  const before = keys.slice(0, -1);
  const last = keys.at(-1);
  if (last === undefined) throw new TypeError('a mode table needs keys');
  return (content) => {
    let prefix = '';
    for (const key of before) prefix += `${valueOf(content, key)}|`;
    return rows.get(prefix + valueOf(content, last)) ?? rows.get(`${prefix}*`);
  };
}
