/** What a campaign leaves behind, and how the checker reads it: files and SQL, no code of the program. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** `good`: accepted, once. `flawed`, `conflict`: set aside by our own checks. `again`: the same reference a second time. `foreign`: somebody else declared it. `refused`: a batch with it is refused. `customs-rejects`: by the customs behind the import client. */
export type Fate = 'good' | 'flawed' | 'conflict' | 'again' | 'foreign' | 'refused' | 'customs-rejects';
/** One row of the input; `line` from 1, as a spreadsheet counts. */
export type Row = {
  readonly file: string;
  readonly line: number;
  readonly ref: string;
  readonly fate: Fate;
  /** The PDF files of its declaration, beside the manifest, in their order. */
  readonly documents?: readonly string[];
};

export type Campaign = {
  readonly folder: string;
  readonly kind: string;
  readonly rows: readonly Row[];
  /** The folder with the results of the last run, and how it ended. */
  readonly results: string;
  readonly exit: number;
  /** What that run printed, where it was kept. */
  readonly printed?: string;
  /** The token of the window: it must stand nowhere but in the file `token`. */
  readonly canary?: string;
};

export type Json = Readonly<Record<string, unknown>>;
export type Invariant = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13}`;
export type Say = (invariant: Invariant, what: string) => void;

/** Of a file that is still written the last line may be cut: only whole lines count. */
export function linesOf(file: string): readonly Json[] {
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export type Tables = {
  readonly all: (sql: string) => readonly Json[];
  readonly close: () => void;
};

/** A copy is opened, with its write-ahead log: looking must not mend anything for the next run. Undefined where there is no such file yet. */
export function openTables(file: string): Tables | undefined {
  if (!existsSync(file)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'declarant-look-'));
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
  const db = new DatabaseSync(copy);
  return {
    all: (sql) =>
      db
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })),
    close: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function groupedBy<Value>(
  values: readonly Value[],
  key: (value: Value) => string,
): ReadonlyMap<string, readonly Value[]> {
  return Map.groupBy(values, key);
}
