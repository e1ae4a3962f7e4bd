/** Puts the cells of a sheet together to rows: places, kinds, notes, merged ranges, limits. Fed by the fast and the strict reader alike. */
import { cellKind, cellName } from '../../model/row.ts';
import type { CellKind, CellNote, SourceRow } from '../../model/row.ts';
import type { ReadLimits } from '../format.ts';
import { cellText } from './cell-text.ts';
import { isoDateText } from './date.ts';
import { fillMerged } from './merged-cells.ts';
import type { MergedValues, OpenRow } from './merged-cells.ts';
import { mergeCursor } from './merges.ts';
import type { NumberFormat } from './number-format.ts';
import { refusal } from './refusal.ts';
import type { SharedStrings } from './strings.ts';
import type { Survey } from './survey.ts';

/** The greatest line of a sheet. */
const maxLine = 1_048_576;
/** Below this, the text of a whole number is made once. */
const smallIntegers = 65_536;

/** The calls of one sheet, in its order: `row`, then for each cell `at`, `formula` where it has one, and one call for its value; `endRow`. */
export type RowBuilder = {
  /** `line` 0 where the file does not say. */
  readonly row: (line: number, isHidden: boolean) => void;
  /** Column from 0, -1 where the file does not say; `line` as the cell's reference has it, 0 where it has none. */
  readonly at: (column: number, line: number) => void;
  /** `raw` without the equals sign; empty where the formula stands in another cell. */
  readonly formula: (raw: string) => void;
  readonly shared: (index: number) => void;
  /** A whole number of up to 9 digits, written without sign or leading zeros. */
  readonly integer: (value: number, style: number) => void;
  readonly number: (raw: string, style: number) => void;
  readonly text: (text: string) => void;
  readonly boolean: (raw: string) => void;
  readonly error: (raw: string) => void;
  readonly isoDate: (raw: string) => void;
  readonly empty: () => void;
  readonly endRow: () => void;
  /** Rows that are finished, at most `atMost`. */
  readonly take: (atMost: number) => readonly SourceRow[];
  readonly waiting: () => number;
};

export type BuilderInput = {
  readonly sheet: string;
  readonly survey: Survey;
  readonly strings: SharedStrings;
  readonly styles: readonly NumberFormat[];
  readonly uses1904: boolean;
  readonly skipsHidden: boolean;
  readonly limits: ReadLimits;
};

export function rowBuilder(input: BuilderInput): RowBuilder {
  const { sheet, strings, styles, uses1904, limits, skipsHidden } = input;
  const merges = mergeCursor(sheet, input.survey.merges, limits.columns);
  const mergedValues: MergedValues = new Map();
  const kinds = new Uint8Array(limits.columns);
  /** The line in which each column was filled last: finds a cell given twice. */
  const filledIn = new Int32Array(limits.columns);
  const integers: (string | undefined)[] = Array.from({ length: smallIntegers });
  let done: SourceRow[] = [];
  let count = 0;
  let line = 0;
  let hasLine = false;
  let isHidden = false;
  let column = -1;
  let cells: string[] = [];
  let hasKinds = false;
  let notes: CellNote[] | undefined;
  let formula: string | undefined;

  function refuse(code: `sheet/${string}`, facts: Record<string, string | number> = {}): never {
    throw refusal(code, { sheet, cell: cellName(Math.max(column, 0), line), ...facts });
  }
  function settleLine(found: number): void {
    if (found <= line || found > maxLine) {
      throw refusal('sheet/rows-out-of-order', { sheet, line: found, previous: line });
    }
    line = found;
    hasLine = true;
  }
  function note(kind: CellNote['kind'], raw?: string): void {
    (notes ??= []).push(raw === undefined ? { column, kind } : { column, kind, raw });
  }
  function put(text: string, kind: CellKind): void {
    if (formula !== undefined) {
      if (isExternal(formula)) note('external-formula', `=${formula.slice(0, 200)}`);
      formula = undefined;
    }
    if (text === '' && kind === cellKind.text) return;
    if (column >= limits.columns) refuse('sheet/too-many-columns', { limit: limits.columns });
    if (text.length > limits.cellCharacters) refuse('sheet/cell-too-long', { limit: limits.cellCharacters });
    if (filledIn[column] === line) refuse('sheet/cell-twice');
    filledIn[column] = line;
    if (column < cells.length) cells[column] = text;
    else {
      while (cells.length < column) cells.push('');
      cells.push(text);
    }
    if (kind === cellKind.text) return;
    kinds[column] = kind;
    hasKinds = true;
  }
  function number(raw: string, style: number): void {
    const { text, kind, note: remark } = cellText(raw, styles[style], uses1904);
    if (remark !== undefined) note(remark, raw);
    put(text, kind);
  }
  function finish(): SourceRow | undefined {
    const isDropped = skipsHidden && isHidden;
    const open: OpenRow = { line, cells, kinds, notes };
    if (merges.width() > 0) hasKinds = fillMerged(open, merges, mergedValues, input.survey) || hasKinds;
    if (skipsHidden) blankHidden(open, input.survey);
    while (cells.length > 0 && cells.at(-1) === '' && kinds[cells.length - 1] === cellKind.text) cells.pop();
    if (cells.length === 0 || isDropped) return undefined;
    return {
      line,
      cells,
      ...(hasKinds ? { kinds: kinds.slice(0, cells.length) } : undefined),
      ...(open.notes === undefined ? undefined : { notes: open.notes }),
      ...(isHidden ? { isHidden: true } : undefined),
    };
  }
  return {
    row(given, hidden) {
      isHidden = hidden;
      column = -1;
      cells = [];
      notes = undefined;
      hasLine = given > 0;
      if (hasLine) settleLine(given);
    },
    at(found, foundLine) {
      if (!hasLine) settleLine(foundLine > 0 ? foundLine : line + 1);
      column = found < 0 ? column + 1 : found;
      if (foundLine > 0 && foundLine !== line) refuse('sheet/cell-misplaced', { line: foundLine });
    },
    formula(raw) {
      formula = raw;
    },
    shared(index) {
      const text = strings.get(index);
      if (text === undefined) refuse('sheet/string-missing', { index });
      put(text, cellKind.text);
    },
    integer(value, style) {
      const format = styles[style];
      if (format !== undefined && format.kind !== 'general') number(String(value), style);
      else if (value < smallIntegers) put((integers[value] ??= String(value)), cellKind.number);
      else put(String(value), cellKind.number);
    },
    number,
    text: (text) => put(text, cellKind.text),
    boolean(raw) {
      if (raw === '1' || raw === 'true') put('TRUE', cellKind.boolean);
      else if (raw === '0' || raw === 'false') put('FALSE', cellKind.boolean);
      else put(raw, cellKind.text);
    },
    error(raw) {
      note('error-value');
      put(raw, cellKind.error);
    },
    isoDate(raw) {
      const date = isoDateText(raw.trim());
      if (date?.note !== undefined) note(date.note, raw);
      put(date?.text ?? raw, date === undefined ? cellKind.text : cellKind.date);
    },
    empty() {
      if (formula === undefined) return;
      note('not-calculated', formula === '' ? undefined : `=${formula.slice(0, 200)}`);
      put('', cellKind.uncalculated);
    },
    endRow() {
      if (!hasLine) settleLine(line + 1);
      merges.enter(line);
      const row = cells.length === 0 ? undefined : finish();
      if (hasKinds) kinds.fill(0);
      hasKinds = false;
      if (row === undefined) return;
      count += 1;
      if (count > limits.rows) throw refusal('sheet/too-many-rows', { sheet, limit: limits.rows });
      done.push(row);
    },
    take(atMost) {
      const taken = done.slice(0, atMost);
      done = done.slice(atMost);
      return taken;
    },
    waiting: () => done.length,
  };
}

function blankHidden(row: OpenRow, { hiddenColumns }: Survey): void {
  for (const { from, to } of hiddenColumns) {
    row.cells.fill('', from, to + 1);
    row.kinds.fill(0, from, to + 1);
    row.notes = row.notes?.filter(({ column }) => column < from || column > to);
  }
}

/** `[1]Sheet1!A1`: a value that comes from another workbook (ECMA-376 part 1, 18.17.2.3). */
function isExternal(formula: string): boolean {
  return /(?:^|[^\w\].])\[\d+\][^[\]]*!/u.test(formula);
}
