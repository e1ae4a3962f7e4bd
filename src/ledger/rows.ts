/** Row references as the ledger keeps them: grouped by file and sheet, so that a declaration's lines cost a few bytes. */
import type { RowRef, Rows } from '../model/row.ts';

/** `[file, sheet or null, lines]`, in the order of the rows. */
type Stretch = [file: string, sheet: string | null, lines: number[]];

export function rowsToJson(rows: Rows): string {
  const stretches: Stretch[] = [];
  for (const { file, sheet, line } of rows) {
    const last = stretches.at(-1);
    if (last !== undefined && last[0] === file && last[1] === (sheet ?? null)) last[2].push(line);
    else stretches.push([file, sheet ?? null, [line]]);
  }
  return JSON.stringify(stretches);
}

/** Nothing where the text is not what `rowsToJson` writes. */
export function rowsFromJson(json: string): Rows | undefined {
  const rows: RowRef[] = [];
  for (const stretch of listOf(parse(json))) {
    const [file, sheet, lines] = listOf(stretch);
    if (typeof file !== 'string' || (sheet !== null && typeof sheet !== 'string')) return undefined;
    for (const line of listOf(lines)) {
      if (typeof line !== 'number') return undefined;
      rows.push(sheet === null ? { file, line } : { file, sheet, line });
    }
  }
  const [first, ...others] = rows;
  return first === undefined ? undefined : [first, ...others];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
