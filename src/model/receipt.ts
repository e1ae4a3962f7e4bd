/** What a window said about a declaration. */
import type { DeclarationKey, Digest, EntryId } from './ids.ts';
import type { LodgementState } from './state.ts';

/** One complaint of the window about one value. `pointer` is a JSON pointer into the declaration's content. */
export type WindowProblem = {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly pointer?: string;
};

/** One word of the window about one declaration. A fact: stored whole, never changed. */
export type Receipt = {
  readonly key: DeclarationKey;
  /** The window's own id of this receipt or event; the same id is the same fact. */
  readonly id: string;
  /** Absent where the window's code is one we do not know. */
  readonly state?: LodgementState;
  /** ISO 8601 with offset, as the window dated it. */
  readonly at: string;
  readonly entryId?: EntryId;
  /** The window's own number of the declaration (统一编号), where it gives one. */
  readonly windowNumber?: string;
  /** The window's code and text, as they came. */
  readonly code?: string;
  readonly text?: string;
  readonly problems: readonly WindowProblem[];
  /** The digest of what the window holds, where it tells. */
  readonly digest?: Digest;
  /** The window already had this declaration: nothing new was lodged. */
  readonly isReplay?: true;
};
