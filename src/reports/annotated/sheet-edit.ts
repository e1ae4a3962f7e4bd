/** A worksheet's XML with our columns at the right of its table and its faulty cells coloured; everything else as it stands. */
import { cellName } from '../../model/row.ts';
import type { Lang } from '../../model/text.ts';
import { noteHeaders, type RowNote } from './note.ts';
import { cellReader, type RawCell, type RowCells } from './row-cells.ts';
import type { SheetLayout } from './sheet-layout.ts';
import { sheetPieces } from './sheet-scan.ts';
import { withColumns, withDrawing } from './sheet-frame.ts';
import type { Styles } from './styles.ts';
import { attribute, textCell, withAttribute } from './xml.ts';

export type SheetEdit = {
  readonly layout: SheetLayout;
  readonly styles: Styles;
  /** In the order of their lines. */
  readonly notes: AsyncIterable<RowNote>;
  readonly lang: Lang;
  /** The id of the relationship to a drawing of ours that holds comments. */
  readonly drawing?: { readonly id: string; readonly namespace: string };
};

type Row = { readonly tag: string; readonly content: string; readonly line: number };

const chunkCharacters = 1 << 17;

export async function* editedSheet(
  chunks: AsyncIterable<Uint8Array>,
  edit: SheetEdit,
): AsyncGenerator<string> {
  const notes = edit.notes[Symbol.asyncIterator]();
  try {
    let ready = '';
    for await (const text of editedPieces(chunks, edit, notes)) {
      ready += text;
      if (ready.length < chunkCharacters) continue;
      yield ready;
      ready = '';
    }
    yield ready;
  } finally {
    await notes.return?.();
  }
}

async function* editedPieces(
  chunks: AsyncIterable<Uint8Array>,
  edit: SheetEdit,
  notes: AsyncIterator<RowNote>,
): AsyncGenerator<string> {
  const { layout, lang, drawing } = edit;
  let note = await notes.next();
  let editRow: ReturnType<typeof rowEditor> | undefined;
  for await (const piece of sheetPieces(chunks)) {
    if (piece.kind === 'head') {
      editRow = rowEditor(piece.prefix, edit);
      yield withColumns(piece.text, piece.prefix, layout.firstColumn);
    } else if (piece.kind === 'tail') {
      yield drawing === undefined ? piece.text : withDrawing(piece.text, drawing);
    } else {
      while (note.done !== true && note.value.line < piece.line) note = await notes.next();
      const own = note.done !== true && note.value.line === piece.line ? note.value : undefined;
      const isHeader = piece.line === layout.headerLine;
      yield editRow?.(piece, own, isHeader ? noteHeaders.map((header) => header[lang]) : undefined) ?? '';
    }
  }
}

function styled(cell: RawCell, style: number): string {
  return withAttribute(cell.tag, 's', String(style)) + cell.raw.slice(cell.tag.length);
}

function rowEditor(prefix: string, { layout, styles }: SheetEdit) {
  const read = cellReader(prefix);
  const { firstColumn, oldColumns } = layout;
  const ours = (column: number): boolean =>
    column >= firstColumn && column < firstColumn + noteHeaders.length;

  function addedCells(
    line: number,
    note: RowNote | undefined,
    headers: readonly string[] | undefined,
  ): string {
    const texts = note?.texts ?? headers ?? [];
    return texts
      .map((text, index) => {
        const style =
          note === undefined ? styles.header : index === 0 ? styles.status(note.outcome) : styles.text;
        return textCell({ column: firstColumn + index, line, style }, text, prefix);
      })
      .join('');
  }

  function keptCell(cell: RawCell, fault: 'error' | 'warning' | undefined): string {
    const style = Number(attribute(cell.tag, 's') ?? '0');
    if (fault !== undefined) return styled(cell, styles.faulty(style, fault));
    const plain = styles.plain(style);
    return plain === style ? cell.raw : styled(cell, plain);
  }

  return (
    { tag, content, line }: Row,
    note: RowNote | undefined,
    headers: readonly string[] | undefined,
  ): string => {
    const { cells, rest }: RowCells = read(content);
    if (note === undefined && headers === undefined && oldColumns.size === 0)
      return rowXml(tag, content, prefix);
    const faults = new Map(note?.faults.map(({ column, severity }) => [column, severity]));
    const before: { readonly column: number; readonly xml: string }[] = [];
    let after = '';
    for (const cell of cells) {
      if (ours(cell.column) || oldColumns.has(cell.column)) continue;
      const xml = keptCell(cell, faults.get(cell.column));
      faults.delete(cell.column);
      // A cell without a reference stands where the one before it left off: ours in between would move it.
      const placed =
        attribute(cell.tag, 'r') === undefined
          ? xml.replace(/^<[^\s/>]+/u, (open) => `${open} r="${cellName(cell.column, line)}"`)
          : xml;
      if (cell.column < firstColumn) before.push({ column: cell.column, xml: placed });
      else after += placed;
    }
    // What is missing has no cell yet.
    for (const [column, severity] of faults)
      if (column < firstColumn)
        before.push({
          column,
          xml: textCell({ column, line, style: styles.faulty(0, severity) }, '', prefix),
        });
    const left = before.toSorted((a, b) => a.column - b.column).map(({ xml }) => xml);
    return rowXml(tag, left.join('') + addedCells(line, note, headers) + after + rest, prefix);
  };
}

/** `spans` is a hint that would be wrong now. */
function rowXml(tag: string, content: string, prefix: string): string {
  const open = tag.replace(/\sspans\s*=\s*(?:"[^"]*"|'[^']*')/u, '');
  if (content === '') return open;
  return `${open.replace(/\s*\/?>$/u, '>')}${content}</${prefix}row>`;
}
