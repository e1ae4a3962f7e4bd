/** The fast reader of cells: one pass over the bytes of a plain cell. */
import { cellType, scanCellType } from './cell-type.ts';
import type { RowBuilder } from './row-builder.ts';
import {
  attributeEnd,
  attributesAreSound,
  cutOff,
  isSpace,
  startsWith,
  textEnd,
  textFlag,
  wholeNumber,
} from './scan.ts';
import { decodeXmlText, Doubt, unescapeText } from './text.ts';

/**
 * `from` stands after `<c`. Gives the cell to the builder and returns the position after `</c>`; or, negative, the position of what
 * is not plain or not there yet, having given nothing.
 */
export function scanCell(builder: RowBuilder, bytes: Buffer, from: number): number {
  let at = from;
  let column = -1;
  let line = 0;
  let style = 0;
  let type: number = cellType.number;
  let seen = 0;
  while (bytes[at] === 0x20) {
    at += 1;
    const name = bytes[at] ?? 0;
    if (bytes[at + 1] !== 0x3d || bytes[at + 2] !== 0x22) {
      if (name === 0x3e || name === 0x2f) break;
      const end = attributeEnd(bytes, at);
      // `cm`, `vm`, `ph`: nothing that a reader of values needs, each once.
      if (end < 0 || !isKnownAttribute(bytes, at) || (seen & (1 << (name & 0x1f))) !== 0)
        return -cutOff(bytes, at);
      seen |= 1 << (name & 0x1f);
      at = end;
      continue;
    }
    if ((seen & (1 << (name & 0x1f))) !== 0) return -at;
    seen |= 1 << (name & 0x1f);
    at += 3;
    let byte = bytes[at] ?? 0;
    if (name === 0x72) {
      column = 0;
      line = 0;
      for (; byte >= 0x41 && byte <= 0x5a; byte = bytes[++at] ?? 0) column = column * 26 + byte - 0x40;
      for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0) line = line * 10 + byte - 0x30;
      if (byte !== 0x22 || column === 0 || column > 16_384 || line === 0) return -at;
      column -= 1;
    } else if (name === 0x73) {
      for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0) style = style * 10 + byte - 0x30;
      if (byte !== 0x22 || style > 1_048_576) return -at;
    } else if (name === 0x74) {
      type = scanCellType(bytes, at);
      if (type < 0) return -at;
      while (byte !== 0x22) byte = bytes[++at] ?? 0;
    } else return -at;
    at += 1;
  }
  if (bytes[at] === 0x2f && bytes[at + 1] === 0x3e) {
    builder.at(column, line);
    builder.empty();
    return at + 2;
  }
  if (bytes[at] !== 0x3e) return -at;
  at += 1;
  while (isSpace(bytes[at] ?? 0)) at += 1;
  if (bytes[at + 1] === 0x2f) {
    if (!isCellEnd(bytes, at)) return -at;
    builder.at(column, line);
    builder.empty();
    return at + 4;
  }
  return scanContent(builder, bytes, { at, column, line, style, type });
}

type OpenCell = {
  readonly at: number;
  readonly column: number;
  readonly line: number;
  readonly style: number;
  readonly type: number;
};

function scanContent(builder: RowBuilder, bytes: Buffer, cell: OpenCell): number {
  let { at } = cell;
  let formula: string | undefined;
  if (bytes[at] === 0x3c && bytes[at + 1] === 0x66) {
    const open = formulaOpen(bytes, at + 2);
    if (open < 0) return open;
    if (bytes[open - 2] === 0x2f) {
      formula = '';
      at = open;
    } else {
      const found = textEnd(bytes, open);
      const close = (found - (found & 7)) / 8;
      if ((found & textFlag.bad) !== 0) return -close;
      if (!(bytes[close + 1] === 0x2f && bytes[close + 2] === 0x66 && bytes[close + 3] === 0x3e))
        return -close;
      formula = decodeXmlText(bytes.toString('utf8', open, close));
      at = close + 4;
    }
    while (isSpace(bytes[at] ?? 0)) at += 1;
  }
  if (
    bytes[at] === 0x3c &&
    bytes[at + 1] === 0x76 &&
    bytes[at + 2] === 0x3e &&
    cell.type !== cellType.inline
  ) {
    const from = at + 3;
    const found = textEnd(bytes, from);
    const close = (found - (found & 7)) / 8;
    if ((found & textFlag.bad) !== 0) return -close;
    if (!(bytes[close + 1] === 0x2f && bytes[close + 2] === 0x76 && bytes[close + 3] === 0x3e)) return -close;
    at = close + 4;
    while (isSpace(bytes[at] ?? 0)) at += 1;
    if (!isCellEnd(bytes, at)) return -at;
    builder.at(cell.column, cell.line);
    if (formula !== undefined) builder.formula(formula);
    giveValue(builder, bytes, { from, close, flags: found & 7, type: cell.type, style: cell.style });
    return at + 4;
  }
  if (formula === undefined && cell.type === cellType.inline)
    return scanInline(builder, bytes, { ...cell, at });
  if (!isCellEnd(bytes, at)) return -at;
  builder.at(cell.column, cell.line);
  if (formula !== undefined) builder.formula(formula);
  builder.empty();
  return at + 4;
}

type FoundValue = {
  readonly from: number;
  readonly close: number;
  readonly flags: number;
  readonly type: number;
  readonly style: number;
};

function giveValue(
  builder: RowBuilder,
  bytes: Buffer,
  { from, close, flags, type, style }: FoundValue,
): void {
  if (type === cellType.shared) {
    const index = wholeNumber(bytes, from, close);
    if (index < 0) throw new Doubt();
    builder.shared(index);
    return;
  }
  if (type === cellType.number) {
    if (from === close) return builder.empty();
    const length = close - from;
    const value =
      length <= 9 && (length === 1 || bytes[from] !== 0x30) ? wholeNumber(bytes, from, close) : -1;
    if (value >= 0) builder.integer(value, style);
    else builder.number(decodeXmlText(bytes.toString('utf8', from, close)), style);
    return;
  }
  const text =
    flags === 0 ? bytes.toString('utf8', from, close) : decodeXmlText(bytes.toString('utf8', from, close));
  if (type === cellType.text) builder.text(unescapeText(text));
  else if (type === cellType.boolean) builder.boolean(text);
  else if (type === cellType.error) builder.error(text);
  else builder.isoDate(text);
}

const inlineOpen = Buffer.from('<is><t>');
const inlineOpenPreserve = Buffer.from('<is><t xml:space="preserve">');
const inlineClose = Buffer.from('</t></is></c>');

function scanInline(builder: RowBuilder, bytes: Buffer, cell: OpenCell): number {
  const length = startsWith(bytes, cell.at, inlineOpen)
    ? inlineOpen.length
    : startsWith(bytes, cell.at, inlineOpenPreserve)
      ? inlineOpenPreserve.length
      : 0;
  if (length === 0) return -cell.at;
  const from = cell.at + length;
  const found = textEnd(bytes, from);
  const close = (found - (found & 7)) / 8;
  if ((found & textFlag.bad) !== 0 || !startsWith(bytes, close, inlineClose)) return -close;
  const raw = bytes.toString('utf8', from, close);
  builder.at(cell.column, cell.line);
  builder.text((found & 7) === 0 ? raw : unescapeText(decodeXmlText(raw)));
  return close + inlineClose.length;
}

/** The position after `<f …>`, or negative. */
function formulaOpen(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20) {
    at += 1;
    if (bytes[at] === 0x2f) break;
    const end = attributeEnd(bytes, at);
    if (end < 0) return -cutOff(bytes, at);
    at = end;
  }
  const isEmpty = bytes[at] === 0x2f;
  if (isEmpty) at += 1;
  if (bytes[at] !== 0x3e) return -at;
  if (at > from && !attributesAreSound(bytes, from, at, new Set())) throw new Doubt();
  return at + 1;
}

function isCellEnd(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x3c && bytes[at + 1] === 0x2f && bytes[at + 2] === 0x63 && bytes[at + 3] === 0x3e;
}

function isKnownAttribute(bytes: Buffer, at: number): boolean {
  return /^(?:cm|vm|ph)=/u.test(bytes.toString('latin1', at, at + 3));
}
