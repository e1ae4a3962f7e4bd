/** What a run tells about itself while it goes on. Shown on stderr, or nowhere. */

export type Progress = {
  /** Totals so far; unknown ones absent. Called at most once a chunk. */
  readonly update: (counts: {
    readonly phase: 'reading' | 'checking' | 'lodging' | 'waiting' | 'writing';
    readonly rows: number;
    readonly declarations: number;
    readonly lodged: number;
    readonly decided: number;
    /** Bytes of input read and in all, where known: what the time left is judged by. */
    readonly bytes?: { readonly read: number; readonly total: number };
  }) => void;
  /** One thing that a person should know now, and that the results hold too. */
  readonly say: (line: string) => void;
  readonly end: () => void;
};
