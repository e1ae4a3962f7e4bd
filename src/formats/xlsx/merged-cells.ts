/** Fills the cells of merged ranges with the value of the range's first cell. */
import { cellKind } from '../../model/row.ts';
import type { CellNote } from '../../model/row.ts';
import type { MergeCursor } from './merges.ts';
import type { Survey } from './survey.ts';

/** A row before it is finished: the arrays are filled in place, `kinds` is as long as the widest row may be. */
export type OpenRow = {
  readonly line: number;
  readonly cells: string[];
  readonly kinds: Uint8Array;
  notes: CellNote[] | undefined;
};

type MergedValue = { readonly text: string; readonly kind: number; readonly notes: readonly CellNote[] };
/** By the index of the range. */
export type MergedValues = Map<number, MergedValue>;

/** What stood in a filled cell is hidden by the spreadsheet, too: it is kept in the note. A range whose first cell is empty fills nothing. Returns whether a kind was set. */
export function fillMerged(row: OpenRow, cursor: MergeCursor, values: MergedValues, survey: Survey): boolean {
  let hasKinds = false;
  for (let column = 0; column < cursor.width(); column += 1) {
    const index = cursor.at(column);
    if (index === -1) continue;
    const merge = survey.merges[index];
    if (merge === undefined) continue;
    if (merge.top === row.line && merge.left === column) {
      const text = row.cells[column] ?? '';
      const kind = row.kinds[column] ?? cellKind.text;
      if (text !== '' || kind !== cellKind.text) {
        values.set(index, { text, kind, notes: row.notes?.filter((note) => note.column === column) ?? [] });
      }
      continue;
    }
    const value = values.get(index);
    if (value === undefined) continue;
    cursor.filled();
    fill(row, { column, value, isAcross: merge.left !== column });
    hasKinds ||= value.kind !== cellKind.text;
    if (merge.bottom === row.line && merge.right === column) values.delete(index);
  }
  return hasKinds;
}

type Filling = { readonly column: number; readonly value: MergedValue; readonly isAcross: boolean };

function fill(row: OpenRow, { column, value, isAcross }: Filling): void {
  while (row.cells.length <= column) row.cells.push('');
  const own = row.cells[column] ?? '';
  row.cells[column] = value.text;
  row.kinds[column] = value.kind;
  if (own !== '') row.notes = row.notes?.filter((note) => note.column !== column);
  const notes = (row.notes ??= []);
  const note = isAcross ? acrossNote(column) : downNote(column);
  notes.push(own === '' || own === value.text ? note : { ...note, raw: own });
  for (const each of value.notes) notes.push({ ...each, column });
}

const downNotes: CellNote[] = [];
const acrossNotes: CellNote[] = [];

/** One note for all the cells of a column: there may be millions. */
function downNote(column: number): CellNote {
  return (downNotes[column] ??= { column, kind: 'merged' });
}

function acrossNote(column: number): CellNote {
  return (acrossNotes[column] ??= { column, kind: 'merged', isAcross: true });
}
