/** The first look at a worksheet: where its content ends on the right, so that our columns begin after it. */
import { Doubt } from './doubt.ts';
import { noteHeaders } from './note.ts';
import { cellReader, type RowCells } from './row-cells.ts';
import { sheetPieces } from './sheet-scan.ts';
import { columnOf } from './xml.ts';

export type SheetLayout = {
  /** The first of our columns, from 0. */
  readonly firstColumn: number;
  /** The line on which our headers stand. */
  readonly headerLine: number;
  /** Columns of an earlier run: their cells go. */
  readonly oldColumns: ReadonlySet<number>;
};

const lastColumnOfGrid = 16_383;

/** A merged range that reaches farther over the content leaves no room for columns of ours. */
const widestMerge = 1000;

export async function sheetLayout(
  chunks: AsyncIterable<Uint8Array>,
  { headerLine, oldColumns }: Omit<SheetLayout, 'firstColumn'>,
): Promise<SheetLayout> {
  let last = -1;
  let read: (content: string) => RowCells = cellReader('');
  for await (const piece of sheetPieces(chunks)) {
    if (piece.kind === 'head') read = cellReader(piece.prefix);
    if (piece.kind === 'row') {
      const { cells } = read(piece.content);
      const end = cells.findLast(({ column, isFilled }) => isFilled && !oldColumns.has(column));
      if (end !== undefined) last = Math.max(last, end.column);
    }
    if (piece.kind === 'tail') last = Math.max(last, mergedEnd(piece.text, headerLine, last));
  }
  if (last + noteHeaders.length > lastColumnOfGrid) throw new Doubt();
  return { firstColumn: last + 1, headerLine, oldColumns };
}

/** The right end of merged ranges that begin within the content and reach over its end, at the header or below. */
function mergedEnd(tail: string, headerLine: number, last: number): number {
  let end = -1;
  for (const [, from = '', , to = '', toLine = ''] of tail.matchAll(
    /<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']/gu,
  )) {
    const right = columnOf(to);
    if (Number(toLine) < headerLine || columnOf(from) > last) continue;
    if (right > last + widestMerge) throw new Doubt();
    end = Math.max(end, right);
  }
  return end;
}
