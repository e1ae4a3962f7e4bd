/** The only file that knows `node:sqlite`: a connection that is durable, strict, and tells its failures as stops. */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { asStop, damaged } from './storage-failures.ts';
import { Stop, exitCode } from '../model/stop.ts';

export type Value = SQLInputValue;
export type Cell = SQLOutputValue;
export type Row = Readonly<Record<string, Cell>>;

/** A prepared statement whose failures are already stops. */
export type Statement = {
  /** Returns how many rows changed. */
  readonly run: (...values: Value[]) => number;
  readonly get: (...values: Value[]) => Row | undefined;
  readonly all: (...values: Value[]) => readonly Row[];
  /** Row by row, for what does not fit into memory. Nothing may be written meanwhile. */
  readonly each: (...values: Value[]) => Generator<Row>;
};

export type DatabaseOptions = { readonly readOnly?: boolean; readonly busyTimeoutMs?: number };

/** SQLite's `synchronous=FULL`: every commit reaches the disk before it is acknowledged. */
const full = 2;

export class Database {
  readonly file: string;
  readonly #db: DatabaseSync;
  #failure: Stop | undefined;
  /** Called inside each transaction, just before it is committed, and right after it is durable. */
  beforeCommit: () => void = () => {};
  afterCommit: () => void = () => {};

  /** Opens an existing file, or `:memory:`. Nothing is read before the first statement. */
  constructor(file: string, options: DatabaseOptions = {}) {
    this.file = file;
    this.#db = this.#guarded(
      () =>
        new DatabaseSync(file, {
          readOnly: options.readOnly ?? false,
          timeout: options.busyTimeoutMs ?? 5000,
          enableForeignKeyConstraints: true,
          enableDoubleQuotedStringLiterals: false,
          allowExtension: false,
          defensive: true,
        }),
    );
  }

  /** WAL, `synchronous=FULL` read back, and distrust of what the file itself brings along. Throws a defect where SQLite does not comply. */
  configure(options: DatabaseOptions = {}): void {
    this.exec(
      'PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384; PRAGMA mmap_size=0',
    );
    if (!(options.readOnly ?? false)) {
      if (this.pragma('journal_mode=WAL') !== 'wal')
        throw new Stop('ledger/cannot-open', exitCode.storage, {
          facts: { file: this.file, where: 'journal_mode' },
        });
    }
    this.exec(
      'PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA checkpoint_fullfsync=ON; PRAGMA fullfsync=ON',
    );
    if (this.pragma('synchronous') !== full) throw new Error('SQLite does not keep synchronous=FULL');
    if (this.pragma('foreign_keys') !== 1) throw new Error('SQLite does not keep foreign_keys=ON');
  }

  exec(sql: string): void {
    this.#guarded(() => this.#db.exec(sql));
  }

  /** The first column of the first row; a pragma that answers nothing gives `undefined`. */
  pragma(text: string): Cell | undefined {
    // To its end: what a pragma writes is committed after its row, and `get` would not hear of a failure there.
    const [row] = this.prepare(`PRAGMA ${text}`).all();
    return row === undefined ? undefined : Object.values(row)[0];
  }

  prepare(sql: string): Statement {
    const statement: StatementSync = this.#guarded(() => this.#db.prepare(sql));
    return {
      run: (...values) => this.#guarded(() => Number(statement.run(...values).changes)),
      get: (...values) => this.#guarded(() => statement.get(...values)),
      all: (...values) => this.#guarded(() => statement.all(...values)),
      each: (...values) => this.#each(statement, values),
    };
  }

  /**
   * All or nothing, and durable when it returns. After a failure of the disk the commit counts as lost and every later
   * write is refused: an fsync that failed once cannot be trusted a second time.
   */
  transaction<T>(work: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.beforeCommit();
      this.exec('COMMIT');
      this.afterCommit();
      return result;
    } catch (error) {
      if (error instanceof Stop && error.exit === exitCode.storage) this.#failure = error;
      this.#rollBack();
      throw error;
    }
  }

  /** Writes the log back into the file, all of it and synced, and cuts it: from then on the file alone is the database. */
  foldLog(): void {
    if (this.pragma('wal_checkpoint(TRUNCATE)') !== 0)
      throw new Stop('ledger/busy', exitCode.locked, { facts: { file: this.file, where: 'wal_checkpoint' } });
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  close(): void {
    if (this.#db.isOpen) this.#guarded(() => this.#db.close());
  }

  *#each(statement: StatementSync, values: readonly Value[]): Generator<Row> {
    const rows = this.#guarded(() => statement.iterate(...values));
    for (;;) {
      const next = this.#guarded(() => rows.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** SQLite ends the transaction by itself after some failures; what the roll-back says then matters less than what came before. */
  #rollBack(): void {
    if (!this.#db.isTransaction) return;
    try {
      this.#db.exec('ROLLBACK');
    } catch (error) {
      this.#failure ??= damaged(this.file, 'ROLLBACK', error);
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStop(error, this.file);
    }
  }
}
