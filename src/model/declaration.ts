/** A declaration as the pack's schema has it, and where each of its values came from. */
import type { DocumentFile } from './documents.ts';
import type { DeclarationKey, Digest } from './ids.ts';
import type { RowRef, Rows } from './row.ts';

/** `Segment.Tag`, for example `DecHead.BillNo` or `DecLists.CodeTS`: the names are the message's own, misspellings included. */
export type FieldPath = `${string}.${string}`;

export type Direction = 'import' | 'export';

/** Tag → value. Every value is text; decimals are decimal text. An absent tag is an empty cell. The order of tags means nothing: a message writer takes the pack's. */
export type SegmentContent = { [tag: string]: string };
/**
 * Segment → its content: an object for segments that occur once, a list for the others. Flat: a segment that the message
 * nests in another (the licences of a goods item) is a list beside it and names its goods item in a tag (`GoodsNo`).
 */
export type DeclarationContent = { [segment: string]: SegmentContent | SegmentContent[] };

/** One place in a declaration: `index` (from 0) is given for segments that are lists. */
export type Place = { readonly segment: string; readonly index?: number; readonly tag?: string };

/** A value that the clerk left empty and a rule of the pack filled. */
export type Filled = { readonly place: Place; readonly value: string; readonly rule: string };

export type Declaration = {
  readonly key: DeclarationKey;
  readonly digest: Digest;
  readonly direction: Direction;
  /** A digest of what its shipment is known by. */
  readonly shipment?: string;
  readonly content: DeclarationContent;
  /** Canonical JSON of `content`: what is digested, stored and sent. */
  readonly body: string;
  readonly filled: readonly Filled[];
  /** The files that go with it. */
  readonly documents?: readonly DocumentFile[];
  readonly rows: Rows;
  /** Where a value came from, for what the window says about it later. */
  readonly originOf: (place: Place) => Origin;
};

/** The cell, or at least the row, that a place of a declaration came from. Columns count from 0. */
export type Origin = { readonly row: RowRef; readonly column?: number; readonly header?: string };
