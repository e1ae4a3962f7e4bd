/** The contract of every format: bytes in, tables of rows out. A format knows nothing of declarations. */
import type { Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/row.ts';

export type ReadOptions = {
  /** `--encoding`: a WHATWG label; absent: found out. */
  readonly encoding?: string;
  /** `--input-format`: the name of a format; absent: found out from the bytes. */
  readonly format?: string;
  /** What to do with hidden sheets, rows and columns. Default `include`. */
  readonly hidden?: 'include' | 'skip' | 'error';
  readonly limits?: Partial<ReadLimits>;
};

export type ReadLimits = {
  /** Rows of one table. */
  readonly rows: number;
  readonly columns: number;
  /** Characters of one cell. */
  readonly cellCharacters: number;
  /** Bytes of one CSV record. */
  readonly recordBytes: number;
  /** Bytes that an archive may inflate to, all entries together. */
  readonly inflatedBytes: number;
  /** Inflated bytes for each compressed one, counted after the first MiB. */
  readonly inflateRatio: number;
  readonly archiveEntries: number;
  readonly sharedStringBytes: number;
  readonly xmlDepth: number;
};

/** One table of a file: a sheet, or a whole CSV. */
export type SourceTable = {
  readonly name?: string;
  readonly isHidden: boolean;
  /**
   * The rows, in chunks of up to 500, in file order; rows without any value are left out. Only a pull reads on. A cell
   * may be a slice of the text it was read from (at most 64 KiB, or its whole row): what outlives its chunk must be copied,
   * or it keeps that text alive. Throws `Stop` (exit 3) where the file is
   * damaged, hostile or over a limit; cells that cannot be trusted carry notes instead.
   */
  readonly rows: () => AsyncIterable<readonly SourceRow[]>;
};

export type SourceBook = {
  /** As the user named it. */
  readonly file: string;
  /** `csv`, `xlsx`, … */
  readonly format: string;
  /** What the reader decided, for `inspect` and `--verbose`: `encoding`, `delimiter`, `date system` … */
  readonly decisions: Readonly<Record<string, string>>;
  /** Findings about the file as a whole: hidden parts, macros, external links. */
  readonly problems: readonly Problem[];
  readonly tables: readonly SourceTable[];
  /** The parts of a workbook's package under the names they have in it, in its order. `read` throws as `rows` does. */
  readonly package?: {
    readonly parts: readonly string[];
    readonly read: (part: string) => AsyncIterable<Uint8Array>;
  };
  /** SHA-256 of the bytes read, known when every table was read to its end or asked for. */
  readonly digest: () => Promise<string>;
  /** Bytes of the present reading, where the format can tell: what the time left is judged by. */
  readonly progress?: () => { readonly read: number; readonly total: number };
  readonly close: () => Promise<void>;
};

export type Format = {
  readonly name: string;
  /** `head` is the file's first 4 KiB. Content decides; the name only breaks ties. */
  readonly matches: (head: Uint8Array, fileName: string) => boolean;
  readonly open: (path: string, options: ReadOptions) => Promise<SourceBook>;
};
