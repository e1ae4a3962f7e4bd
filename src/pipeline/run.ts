/** One run, read like a table of contents: file → rows → drafts → declarations → window → results. */
import type { SourceBook } from '../formats/format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunId } from '../model/ids.ts';
import type { Progress } from '../model/progress.ts';
import type { RowResult, RunSummary } from '../model/result.ts';
import type { Pack } from '../pack/pack.ts';
import type { SingleWindow } from '../window/single-window.ts';
import type { Mapping } from './mapping.ts';

export type RunOptions = {
  readonly run: RunId;
  /** `check` ends after validation; `dry-run` after de-duplication against the ledger; `import` lodges. */
  readonly mode: 'check' | 'dry-run' | 'import';
  readonly books: readonly SourceBook[];
  readonly pack: Pack;
  readonly mapping?: Mapping;
  readonly ledger?: Ledger;
  /** Needed for `import`. */
  readonly window?: SingleWindow;
  /** How long to wait for verdicts after the last batch went out. */
  readonly waitMs: number;
  /** Asked once, after all is checked and before the first request, where lodging needs a person's word. */
  readonly confirm?: (counts: { readonly rows: number; readonly declarations: number; readonly setAside: number }) => Promise<boolean>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Gets every row's result once, in input order. */
  readonly write: (results: readonly RowResult[]) => Promise<void>;
};

export declare function run(options: RunOptions): Promise<RunSummary>;
