/** A valid declaration as a clerk would write it, for tests to bend. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(
  join(import.meta.dirname, '../../fixtures/manifests/dalian-air-imports-utf8.csv'),
  'utf8',
).replace(/^\ufeff/u, '');

/** No cell of this fixture holds a quote or a line break inside quotes that matters here: commas in quotes only. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu)].map((match) =>
    (match[1] ?? match[2] ?? '').replaceAll('""', '"'),
  );
}

const lines = text.split(/\r?\n/u).filter((line) => line !== '');
export const header = cells(lines[0] ?? '');
const keyColumn = header.indexOf('业务编号');

/** The rows of the first declarations of the fixture, by their reference, in the file's order. */
export const declarations: readonly (readonly (readonly string[])[])[] = (() => {
  const groups = new Map<string, (readonly string[])[]>();
  let key = '';
  for (const line of lines.slice(1)) {
    const row = cells(line);
    key = row[keyColumn] || key;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
})();

/** A copy of the row with some cells changed, by header. */
export function bent(row: readonly string[], changes: Readonly<Record<string, string>>): readonly string[] {
  const copy = [...row];
  for (const [name, value] of Object.entries(changes)) {
    const at = header.indexOf(name);
    if (at < 0) throw new Error(`the fixture has no column ${name}`);
    copy[at] = value;
  }
  return copy;
}
