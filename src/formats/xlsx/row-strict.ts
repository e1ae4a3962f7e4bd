/** The strict reader of rows: any well-formed sheet, cell by cell, through the XML reader. */
import { refusal } from './refusal.ts';
import { cellType, cellTypeOf } from './cell-type.ts';
import type { RowBuilder } from './row-builder.ts';
import { unescapeText } from './text.ts';
import { mainNamespaces } from './workbook.ts';
import { attribute, isTrue } from './xml.ts';
import type { XmlHandler, XmlTag } from './xml.ts';

/** Feeds a builder. `sheet` is named in refusals. */
export function rowHandler(sheet: string, builder: RowBuilder): XmlHandler {
  const path: string[] = [];
  let cell: XmlTag | undefined;
  let value: string | undefined;
  let formula: string | undefined;
  let inline: string | undefined;
  let target: 'value' | 'formula' | 'inline' | undefined;

  function openElement(tag: XmlTag): void {
    const name = path.at(-1);
    if (path[1] !== 'sheetData') return;
    if (path.length === 3 && name === 'row') {
      const line = attribute(tag, 'r');
      builder.row(line === undefined ? 0 : (wholeNumber(line) ?? -1), isTrue(attribute(tag, 'hidden')));
    } else if (path.length === 4 && path[2] === 'row' && name === 'c') {
      cell = tag;
      value = formula = inline = undefined;
    } else if (cell !== undefined && path.length === 5 && name === 'v') {
      value ??= '';
      target = 'value';
    } else if (cell !== undefined && path.length === 5 && name === 'f') {
      formula ??= '';
      target = 'formula';
    } else if (
      cell !== undefined &&
      path[4] === 'is' &&
      name === 't' &&
      (path.length === 6 || (path.length === 7 && path[5] === 'r'))
    ) {
      inline ??= '';
      target = 'inline';
    }
  }
  function closeCell(tag: XmlTag): void {
    const place = placeOf(attribute(tag, 'r'));
    const style = wholeNumber(attribute(tag, 's') ?? '0') ?? 0;
    const type = cellTypeOf(attribute(tag, 't'));
    if (place === undefined || type === undefined)
      throw refusal('sheet/broken-cell', { sheet, cell: attribute(tag, 'r') ?? '' });
    builder.at(place.column, place.line);
    if (formula !== undefined) builder.formula(formula);
    const text = type === cellType.inline ? (inline ?? value) : value;
    if (text === undefined || (text === '' && type === cellType.number)) builder.empty();
    else if (type === cellType.shared) builder.shared(wholeNumber(text.trim()) ?? -1);
    else if (type === cellType.number) giveNumber(text, style);
    else if (type === cellType.boolean) builder.boolean(text);
    else if (type === cellType.error) builder.error(text);
    else if (type === cellType.date) builder.isoDate(text);
    else builder.text(unescapeText(text));
  }
  function giveNumber(text: string, style: number): void {
    if (/^(?:0|[1-9]\d{0,8})$/u.test(text)) builder.integer(Number(text), style);
    else builder.number(text, style);
  }
  return {
    open(tag) {
      path.push(mainNamespaces.has(tag.uri) ? tag.local : '');
      openElement(tag);
    },
    text(chunk) {
      if (target === 'value') value += chunk;
      else if (target === 'formula') formula += chunk;
      else if (target === 'inline') inline += chunk;
    },
    close() {
      target = undefined;
      const name = path.pop();
      if (path[1] !== 'sheetData') return;
      if (path.length === 2 && name === 'row') builder.endRow();
      else if (path.length === 3 && cell !== undefined) {
        closeCell(cell);
        cell = undefined;
      }
    },
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/u.test(text) ? Number(text) : undefined;
}

/** `AB12`; both unknown where there is no reference; undefined where it is none. */
function placeOf(
  reference: string | undefined,
): { readonly column: number; readonly line: number } | undefined {
  if (reference === undefined) return { column: -1, line: 0 };
  const parts = /^([A-Za-z]{1,3})(\d{1,7})$/u.exec(reference);
  if (parts === null) return undefined;
  let column = 0;
  for (const letter of (parts[1] ?? '').toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column > 16_384 ? undefined : { column: column - 1, line: Number(parts[2]) };
}
