/** The fast reader of rows: one pass over the bytes of plain sheets. Whatever it does not know it leaves to the strict reader. */
import { scanCell } from './cell-scan.ts';
import type { RowBuilder } from './row-builder.ts';
import { attributeEnd, attributesAreSound, cutOff, isSpace, wholeNumber } from './scan.ts';
import { Doubt } from './text.ts';

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
      if (second === 0x63 && scan.isInRow) after = scanCell(scan.builder, bytes, mark + 2);
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
