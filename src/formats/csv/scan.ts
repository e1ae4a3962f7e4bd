/** The CSV scanner: decoded text in pieces of any size → rows of cells, strict, with physical line numbers. */
import { columnName, type SourceRow } from '../../model/row.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import type { ReadLimits } from '../format.ts';

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

export type ScanOptions = {
  /** As the user named it, for stops. */
  readonly file: string;
  /** One UTF-16 code unit, neither a quote nor a line end. */
  readonly delimiter: string;
  /** The physical line on which the first piece begins, from 1. */
  readonly line: number;
  readonly limits: ReadLimits;
};

/** Holds the record that is not complete yet. Throws `Stop` (exit 3) at the first thing that makes the rest of the file doubtful. */
export type Scanner = {
  /** The records that are complete; those without any value are left out. */
  readonly add: (text: string) => SourceRow[];
  /** The record that the file's end completes. */
  readonly finish: () => SourceRow[];
};

/**
 * RFC 4180 with every line end (CR, LF, CRLF, mixed) and any delimiter. A quote inside an unquoted cell is a character like any
 * other (`3/4" pipe`), as spreadsheets have it; one after leading blanks is refused, because the cell's end would be a guess.
 * Cells of 13 characters or more are slices of the piece they came in: copy what outlives the chunk.
 */
export function createScanner({ file, delimiter, line: firstLine, limits }: ScanOptions): Scanner {
  const { columns: mostColumns, cellCharacters: mostCharacters } = limits;
  const separator = delimiter.charCodeAt(0);
  const highest = Math.max(separator, quote);
  let pending = '';
  /** Not scanned again before this many characters are there: a long record is scanned twice, not once a piece. */
  let wanted = 0;
  let rowCount = 0;
  /** The line of the record being read, and that of the cell being read. */
  let recordLine = firstLine;
  let line = firstLine;
  let column = 0;
  /** The line where the quoted cell began that the text's end left open. */
  let openedLine: number | undefined;
  let hasEscapes = false;

  function refuse(code: `file/${string}`, facts: Readonly<Record<string, string | number>> = {}): never {
    const where = { file, line, column: columnName(column) };
    throw new Stop(code, exitCode.unreadable, { facts: { ...where, ...facts } });
  }

  /** Where the unquoted cell ends that begins at `from`: at a delimiter, a line end, or the end of the text. */
  function bareEnd(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > highest) continue;
      if (code === separator || code === lineFeed || code === carriageReturn) break;
      if (code === 0) refuse('file/nul-character');
      if (code === quote && text.slice(from, at).trim() === '') refuse('file/space-before-quote');
    }
    return at;
  }

  /** The closing quote of the cell whose first character is at `from`; -1 where the text ends before it is certain. */
  function closingQuote(text: string, from: number, isLast: boolean): number {
    hasEscapes = false;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > quote) continue;
      if (code === quote) {
        if (at + 1 === text.length) return isLast ? at : -1;
        if (text.charCodeAt(at + 1) !== quote) return at;
        hasEscapes = true;
        at++;
      } else if (code === lineFeed) line++;
      else if (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed) line++;
      else if (code === 0) refuse('file/nul-character');
    }
    return -1;
  }

  /** The cell between its quotes; `undefined` where the text ends before it does. */
  function quotedCell(
    text: string,
    open: number,
    isLast: boolean,
  ): { value: string; end: number } | undefined {
    openedLine = line;
    const close = closingQuote(text, open + 1, isLast);
    if (close < 0) return undefined;
    const follower = close + 1 < text.length ? text.charCodeAt(close + 1) : lineFeed;
    if (follower !== separator && follower !== lineFeed && follower !== carriageReturn) {
      refuse('file/text-after-quote', { opened: openedLine, value: beginning(text.slice(open + 1, close)) });
    }
    openedLine = undefined;
    const raw = text.slice(open + 1, close);
    return { value: hasEscapes ? raw.replaceAll('""', '"') : raw, end: close + 1 };
  }

  /** Reads one record and returns where the next begins; -1 where the text ends before it is certain that the record does. */
  function readRecord(text: string, from: number, isLast: boolean, rows: SourceRow[]): number {
    const cells: string[] = [];
    let hasValue = false;
    let end = from;
    line = recordLine;
    for (let start = from; ; start = end + 1) {
      column = cells.length;
      if (column === mostColumns) refuse('file/too-many-columns', { limit: mostColumns });
      let cell = '';
      if (text.charCodeAt(start) === quote) {
        const quoted = quotedCell(text, start, isLast);
        if (quoted === undefined) return -1;
        ({ value: cell, end } = quoted);
      } else {
        end = bareEnd(text, start);
        if (end === text.length && !isLast) return -1;
        if (end > start) cell = text.slice(start, end);
      }
      if (cell !== '') hasValue = true;
      if (cell.length > mostCharacters) {
        refuse('file/cell-too-long', { characters: cell.length, limit: mostCharacters });
      }
      cells.push(cell);
      if (end >= text.length || text.charCodeAt(end) !== separator) break;
    }
    if (end === text.length && !isLast) return -1;
    // The line feed of a CRLF may be the next piece's first character.
    if (end + 1 === text.length && !isLast && text.charCodeAt(end) === carriageReturn) return -1;
    if (end - from > limits.recordBytes / 3) checkRecord(text.slice(from, end));
    if (hasValue) {
      if (++rowCount > limits.rows) refuse('file/too-many-rows', { limit: limits.rows });
      rows.push({ line: recordLine, cells });
    }
    recordLine = line + 1;
    const isPair = text.charCodeAt(end) === carriageReturn && text.charCodeAt(end + 1) === lineFeed;
    return isPair ? end + 2 : end + 1;
  }

  function checkRecord(record: string): void {
    if (Buffer.byteLength(record) > limits.recordBytes) refuseRecord();
  }

  function refuseRecord(): never {
    return refuse('file/record-too-long', { line: recordLine, limit: limits.recordBytes });
  }

  function scan(isLast: boolean): SourceRow[] {
    const rows: SourceRow[] = [];
    const text = pending;
    let at = 0;
    while (at < text.length) {
      if (text.charCodeAt(at) === lineFeed) {
        recordLine++;
        at++;
        continue;
      }
      const next = readRecord(text, at, isLast, rows);
      if (next < 0) break;
      at = next;
    }
    pending = text.slice(at);
    wanted = pending.length * 2;
    if (pending.length > limits.recordBytes || (isLast && pending !== '')) {
      if (openedLine === undefined) refuseRecord();
      refuse('file/unclosed-quote', { line: openedLine, limit: limits.recordBytes });
    }
    return rows;
  }

  return {
    add: (text) => {
      pending = pending === '' ? text : pending + text;
      return pending.length < wanted && pending.length <= limits.recordBytes ? [] : scan(false);
    },
    finish: () => scan(true),
  };
}

/** Enough of a cell to find it by, not cut inside a character. */
function beginning(text: string): string {
  return text.length <= 20 ? text : `${text.slice(0, 20).replace(/[\ud800-\udbff]$/u, '')}…`;
}
