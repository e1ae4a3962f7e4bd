/** What a run is given: everything that it reads, writes, asks and obeys. */
import type { SourceBook } from '../formats/format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Documents } from '../model/documents.ts';
import type { RunId } from '../model/ids.ts';
import { type Problem } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import type { RowResult } from '../model/result.ts';
import { Stop } from '../model/stop.ts';
import type { Pack } from '../pack/pack.ts';
import type { SingleWindow } from '../window/single-window.ts';
import type { Mapping } from './mapping.ts';
import type { Remembered } from './memory.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Onlooker } from './documents/seen.ts';

export type RunOptions = {
  readonly run: RunId;
  /** `check` ends after validation, or after de-duplication where there is a ledger; `dry-run` likewise, and says what would be lodged; `import` lodges. */
  readonly mode: 'check' | 'dry-run' | 'import';
  readonly books: readonly SourceBook[];
  readonly pack: Pack;
  readonly mapping?: Mapping;
  /** What was confirmed of headers before. */
  readonly memory?: readonly Remembered[];
  readonly ledger?: Ledger;
  /** Needed for `import`. */
  readonly window?: SingleWindow;
  /** How long to wait for verdicts after the last batch went out. */
  readonly waitMs: number;
  /** Asked once, after all is checked and before the first request, where lodging needs a person's word. */
  readonly confirm?: (counts: {
    readonly rows: number;
    readonly declarations: number;
    readonly setAside: number;
  }) => Promise<boolean>;
  /** Asked once, after all is checked and before the first request: a stop keeps everything back. */
  readonly refuse?: (counts: {
    readonly rows: number;
    readonly declarations: number;
    readonly setAside: number;
  }) => Stop | undefined;
  readonly now: () => Date;
  /** `2026-11-24`: dates are judged as if this were today. Never where something is lodged. */
  readonly asOf?: string;
  /** Looks at the documents that declarations name. */
  readonly documents?: Documents;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** In a run that lodges nothing: gets each declaration that passed all checks. The errors it gives back set it aside. May be asked again after `restart`. */
  readonly take?: (declaration: Declaration) => Promise<readonly Problem[]>;
  /** Further documents of the same rows. `gathering` looks on in a pass of its own, before the first declaration is judged; `deciding` in the pass whose results count. */
  readonly also?: {
    readonly gathering?: Onlooker & { readonly restart: () => void };
    readonly deciding: Onlooker;
  };
  /** Gets every row's result once, in input order. */
  readonly write: (results: readonly RowResult[]) => Promise<void>;
  /** Forgets everything written so far: the files are read once more. */
  readonly restart: () => Promise<void>;
};
