/** The fast reader of rows: one pass over the bytes of plain sheets. Whatever it does not know it leaves to the strict reader. */
import { cellType, scanCellType } from './cell-type.ts';
import type { RowBuilder } from './row-builder.ts';
import { attributeEnd, attributesAreSound, textEnd, textFlag } from './scan.ts';
import { decodeXmlText, Doubt, unescapeText } from './text.ts';

export type RowScan = {
  isInRow: boolean;
  readonly prefixes: ReadonlySet<string>;
  readonly builder: RowBuilder;
};

/** Far longer than any fixed word of the syntax: nearer to the end than this, something odd may only be cut off. */
const lookAhead = 64;

/**
 * Reads whole cells and row tags from the start of `bytes` (zeros after `end`) and returns where the first incomplete one begins.
 * Throws `Doubt`.
 */
export function scanRows(scan: RowScan, bytes: Buffer, end: number, isLast: boolean): number {
  let mark = 0;
  for (;;) {
    while (isSpace(bytes[mark] ?? 0)) mark += 1;
    if (mark >= end) {
      if (isLast && scan.isInRow) throw new Doubt();
      return end;
    }
    const second = bytes[mark + 1];
    let after = -1;
    if (bytes[mark] === 0x3c) {
      if (second === 0x63 && scan.isInRow) after = scanCell(scan, bytes, mark + 2);
      else if (second === 0x2f && scan.isInRow) after = scanRowEnd(scan, bytes, mark + 2);
      else if (second === 0x72 && !scan.isInRow) after = scanRow(scan, bytes, mark + 2);
    }
    if (after > 0) {
      mark = after;
      continue;
    }
    // Negative: what stopped the scan stands there.
    if (isLast || Math.max(-after, mark) + lookAhead < end) throw new Doubt();
    return mark;
  }
}

/** `</row>` */
function scanRowEnd(scan: RowScan, bytes: Buffer, at: number): number {
  if (!(bytes[at] === 0x72 && bytes[at + 1] === 0x6f && bytes[at + 2] === 0x77 && bytes[at + 3] === 0x3e))
    return -at;
  scan.isInRow = false;
  scan.builder.endRow();
  return at + 4;
}

/** `<row …>`: its attributes are checked in full, as there is one tag for many cells. */
function scanRow(scan: RowScan, bytes: Buffer, from: number): number {
  if (!(bytes[from] === 0x6f && bytes[from + 1] === 0x77)) return -from;
  let at = from + 2;
  let line = 0;
  let isHidden = false;
  while (bytes[at] === 0x20) {
    at += 1;
    if (bytes[at] === 0x3e || bytes[at] === 0x2f) break;
    const end = attributeEnd(bytes, at);
    if (end < 0) return -cutOff(bytes, at);
    if (bytes[at] === 0x72 && bytes[at + 1] === 0x3d) {
      line = wholeNumber(bytes, at + 3, end - 1);
      if (line <= 0) return -at;
    } else if (bytes[at] === 0x68 && bytes[at + 1] === 0x69) {
      isHidden = /^hidden="(?:1|true|on)"$/u.test(bytes.toString('latin1', at, end));
    }
    at = end;
  }
  const isEmpty = bytes[at] === 0x2f;
  if (isEmpty) at += 1;
  if (bytes[at] !== 0x3e) return -at;
  if (!attributesAreSound(bytes, from + 2, at, scan.prefixes)) throw new Doubt();
  scan.builder.row(line, isHidden);
  if (isEmpty) scan.builder.endRow();
  else scan.isInRow = true;
  return at + 1;
}

function scanCell(scan: RowScan, bytes: Buffer, from: number): number {
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
    scan.builder.at(column, line);
    scan.builder.empty();
    return at + 2;
  }
  if (bytes[at] !== 0x3e) return -at;
  at += 1;
  while (isSpace(bytes[at] ?? 0)) at += 1;
  if (bytes[at + 1] === 0x2f) {
    if (!isCellEnd(bytes, at)) return -at;
    scan.builder.at(column, line);
    scan.builder.empty();
    return at + 4;
  }
  return scanContent(scan, bytes, { at, column, line, style, type });
}

type OpenCell = {
  readonly at: number;
  readonly column: number;
  readonly line: number;
  readonly style: number;
  readonly type: number;
};

function scanContent({ builder }: RowScan, bytes: Buffer, cell: OpenCell): number {
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

/** -1 for what is no whole number of 1 to 9 digits. */
function wholeNumber(bytes: Buffer, from: number, to: number): number {
  if (to <= from || to - from > 9) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Where a broken attribute breaks: at the first zero byte after it, or at itself. */
function cutOff(bytes: Buffer, at: number): number {
  const close = bytes.indexOf(0x3e, at);
  const zero = bytes.indexOf(0, at);
  return zero !== -1 && (close === -1 || zero < close) ? zero : at;
}

function startsWith(bytes: Buffer, at: number, word: Buffer): boolean {
  return at + word.length <= bytes.length && bytes.compare(word, 0, word.length, at, at + word.length) === 0;
}

function isCellEnd(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x3c && bytes[at + 1] === 0x2f && bytes[at + 2] === 0x63 && bytes[at + 3] === 0x3e;
}

function isKnownAttribute(bytes: Buffer, at: number): boolean {
  return /^(?:cm|vm|ph)=/u.test(bytes.toString('latin1', at, at + 3));
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
