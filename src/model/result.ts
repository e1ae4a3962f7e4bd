/** What became of every source row, and of the run. */
import type { DeclarationKey, EntryId, RunId } from './ids.ts';
import type { Filled } from './declaration.ts';
import type { Problem } from './problem.ts';
import type { Receipt } from './receipt.ts';
import type { RowRef, Rows } from './row.ts';
import type { LodgementState } from './state.ts';

/** *set-aside* = we refuse; *rejected* = the window refuses; *accepted* = it has a customs number; *pending* = received; *unknown* = cannot tell; *duplicate* = already in this run or lodged before with other content; *not-sent* = the window could not be reached; *valid* = checked, not lodged. */
export const outcomes = [
  'accepted',
  'pending',
  'rejected',
  'set-aside',
  'duplicate',
  'unknown',
  'not-sent',
  'valid',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What became of one declaration, or of rows that make none. */
export type Decision = {
  readonly rows: Rows;
  /** The source lines with cells, row by row, are not kept: problems carry the values they speak of. */
  readonly key?: DeclarationKey;
  readonly outcome: Outcome;
  readonly state?: LodgementState;
  readonly entryId?: EntryId;
  readonly receipts: readonly Receipt[];
  readonly problems: readonly Problem[];
  readonly filled: readonly Filled[];
  /** Decided by an earlier run: nothing was sent now. */
  readonly isEarlier?: true;
};

/** One line of `results.ndjson`. The JSON Schema is `schemas/declarant/result.schema.json`. */
export type RowResult = { readonly ref: RowRef; readonly decision: Decision };

/** Where the header of a table stands. Lines count from 1, columns from 0. */
export type TablePlace = {
  readonly file: string;
  readonly sheet?: string;
  readonly headerLine: number;
  /** Data begins below it. */
  readonly lastHeaderLine: number;
  /** Columns that an earlier run added to the table. */
  readonly resultColumns: readonly number[];
};

export type RunSummary = {
  readonly run: RunId;
  readonly mode: 'check' | 'dry-run' | 'import';
  readonly pack: string;
  readonly window?: string;
  readonly files: readonly string[];
  /** The tables that were read. */
  readonly tables?: readonly TablePlace[];
  /** The day that dates were judged by, where it was not today. */
  readonly asOf?: string;
  readonly startedAt: string;
  readonly tookMs: number;
  readonly rows: number;
  readonly declarations: number;
  /** Declarations by outcome, and rows by outcome. */
  readonly byOutcome: Readonly<Record<Outcome, { readonly declarations: number; readonly rows: number }>>;
  /** What concerns the files as a whole: hidden sheets, columns that are not recognised, values that every declaration was given. */
  readonly notices: readonly Problem[];
  /** Of these, settled by an earlier run. */
  readonly earlier: number;
  /** Problems by code, errors first, most frequent first. */
  readonly problems: readonly { readonly code: string; readonly severity: string; readonly count: number }[];
  readonly exit: number;
};
