/** The documents that a declaration names and that are files beside its manifest: what the road knows of them without opening one. */
import type { Declaration, DeclarationContent, Filled } from './declaration.ts';
import type { Problem } from './problem.ts';

export type DocumentFile = {
  /** The name under which it is lodged: made from its bytes among others, so that other bytes are another declaration. */
  readonly id: string;
  readonly path: string;
  /** Its name in the archive at `path`, where it lies in one. */
  readonly inside?: string;
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
};

export type Completed = {
  /** The declaration's content, with what is known of its documents. */
  readonly content: DeclarationContent;
  readonly documents: readonly DocumentFile[];
  readonly filled: readonly Filled[];
  /** An error sets the declaration aside. */
  readonly problems: readonly Problem[];
};

export type Documents = {
  /** The segment that names documents: a declaration without it has none. */
  readonly segment: string;
  /** Finds each file, looks at it, and completes what the declaration says of it. Holds the bytes of one file at a time. */
  readonly complete: (declaration: Declaration) => Promise<Completed>;
};
