/** A mapping file: what the clerk or the office fixed about columns, constants, defaults and look-ups. */
import type { FieldPath } from '../model/declaration.ts';

/** The JSON Schema is `schemas/declarant/mapping.schema.json`. */
export type Mapping = {
  readonly version: 1;
  readonly pack?: string;
  /** By sheet name, or `*` for every sheet without an entry of its own. */
  readonly sheets?: Readonly<Record<string, SheetMapping>>;
  /** The same value for every declaration, whatever the file says; a cell that differs is a problem. */
  readonly constants?: Readonly<Record<FieldPath, string>>;
  /** Filled where the cell is empty. */
  readonly defaults?: Readonly<Record<FieldPath, string>>;
  /** Cell text → value, for one field: the office's own words. */
  readonly lookups?: Readonly<Record<FieldPath, Readonly<Record<string, string>>>>;
};

export type SheetMapping = {
  /** Leave this sheet out. */
  readonly skip?: boolean;
  /** The line of the header, from 1, as the spreadsheet shows it. */
  readonly headerLine?: number;
  /** Header text as it stands in the file → field, several fields for one column, or `null` for a column that is not declared. */
  readonly columns?: Readonly<Record<string, FieldPath | readonly FieldPath[] | null>>;
};
