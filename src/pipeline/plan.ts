/** What was understood of a table before its rows are read: which column carries which field. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { Field, Segment } from '../pack/pack.ts';
import type { SourceTable } from '../formats/format.ts';

/**
 * How a column found its field. `mapping`: fixed by the mapping file; `remembered`: confirmed before for such a header;
 * `word`: a header word; `context`: a word of several meanings, decided by its neighbours and values; `guess`: it resembles a
 * header word, and its values fit. The last two are shown, and an import wants them confirmed.
 */
export type Evidence = 'mapping' | 'remembered' | 'word' | 'context' | 'guess';

export type FieldPlan = {
  readonly path: FieldPath;
  readonly field: Field;
  readonly level: Segment['level'];
  /** The office's own words: cell text → value. */
  readonly lookup?: ReadonlyMap<string, string>;
};

export type ColumnPlan = {
  /** From 0. */
  readonly column: number;
  readonly header: string;
  /** Up to three different values of the first rows. */
  readonly samples: readonly string[];
  readonly fields: readonly [FieldPlan, ...FieldPlan[]];
  readonly evidence: Evidence;
  /** From 0 to 1. What a person or a list of words said is 1. */
  readonly confidence: number;
  /** What its evidence rests on: the header word it resembles, the fields beside it, the file that remembers it. */
  readonly because: readonly string[];
  /** What the whole column proves of dates such as 01/02/2026. */
  readonly dateOrder?: 'day-first' | 'month-first';
};

/** A column that is not declared: not recognised, or known and left out. */
export type IdleColumn = {
  readonly column: number;
  readonly header: string;
  readonly samples: readonly string[];
  readonly isKnown: boolean;
  /** Fields that it may be, the best first. */
  readonly candidates: readonly FieldPath[];
};

export type TablePlan = {
  /** Its number in the run, from 0. */
  readonly id: number;
  readonly table: SourceTable;
  readonly file: string;
  readonly sheet?: string;
  /** The line that holds most labels, and the last line of the header: data begins below it. */
  readonly headerLine: number;
  readonly lastHeaderLine: number;
  /** `whole`: head and goods in one table; `head`: one line a declaration, joined by `joinOn`; `lines`: goods or other lists, joined to a head table. */
  readonly role: 'whole' | 'head' | 'lines';
  readonly columns: readonly ColumnPlan[];
  readonly head: readonly ColumnPlan[];
  readonly goods: readonly ColumnPlan[];
  /** Segment → its columns. */
  readonly attached: ReadonlyMap<string, readonly ColumnPlan[]>;
  /** The columns whose values tell one declaration from the next. */
  readonly keyColumns: readonly ColumnPlan[];
  /** How many of the key columns must have a value. */
  readonly needed: number;
  readonly idle: readonly IdleColumn[];
  /** Rows below this line are left out: the mapping file says so. */
  readonly lastLine?: number;
  /** Whether a cell's text is a label that some table's header could hold. */
  readonly isLabel: (text: string) => boolean;
  /** Proven by header words such as 进境关别. */
  readonly direction?: Direction;
  readonly problems: readonly Problem[];
};
