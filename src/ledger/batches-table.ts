/** The tables of batches and attempts: under which key declarations went out together, and how each attempt ended. */
import { parseBatchId } from '../model/ids.ts';
import type { BatchId } from '../model/ids.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';
import type { Database, Row, Statement } from './database.ts';
import type { AttemptEnd } from './ledger.ts';
import { schemaVersion } from './migrations.ts';

export type BatchRow = {
  readonly id: number;
  readonly batch: BatchId;
  readonly run: number;
  readonly pack: string;
  /** How many declarations it holds. */
  readonly members: number;
  readonly intendedAt: string;
};

export type AttemptRow = {
  readonly batch: number;
  /** From 1. */
  readonly number: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly how?: AttemptEnd;
  readonly detail?: string;
  /** When it began by the window's own clock. */
  readonly serverAt?: string;
};

/** Batches remembered, so that 500 declarations of one batch cost one look-up. */
const remembered = 256;

export class BatchesTable {
  readonly #file: string;
  readonly #byId: Statement;
  readonly #byBatch: Statement;
  readonly #insert: Statement;
  readonly #open: Statement;
  readonly #attempts: Statement;
  readonly #putAttempt: Statement | undefined;
  readonly #latest: Statement;
  readonly #seen = new Map<number, BatchRow>();

  constructor(db: Database) {
    this.#file = db.file;
    this.#byId = db.prepare('SELECT * FROM batches WHERE id = ?');
    this.#byBatch = db.prepare('SELECT * FROM batches WHERE batch = ?');
    this.#insert = db.prepare('INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#open = db.prepare(
      `SELECT DISTINCT v.batch AS batch FROM declarations d
       LEFT JOIN versions v ON v.declaration = d.id AND v.number = d.version
       WHERE d.state IN ('sending', 'unknown') ORDER BY v.batch`,
    );
    this.#attempts = db.prepare('SELECT * FROM attempts WHERE batch = ? ORDER BY number');
    // A ledger that is only looked at may be of a version without the window's clock; nobody writes there.
    this.#putAttempt =
      schemaVersion(db) >= 2
        ? db.prepare('INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        : undefined;
    this.#latest = db.prepare(
      `SELECT max(at) AS at FROM (SELECT max(started_at) AS at FROM attempts UNION ALL SELECT max(ended_at) FROM attempts
       UNION ALL SELECT max(started_at) FROM runs UNION ALL SELECT max(ended_at) FROM runs)`,
    );
  }

  /** Its absence is damage. */
  get(id: number): BatchRow {
    const seen = this.#seen.get(id);
    if (seen !== undefined) return seen;
    const found = this.#read(this.#byId.get(id) ?? {});
    if (this.#seen.size >= remembered) this.#seen.clear();
    this.#seen.set(id, found);
    return found;
  }

  find(batch: BatchId): BatchRow | undefined {
    const row = this.#byBatch.get(batch);
    return row === undefined ? undefined : this.#read(row);
  }

  insert(row: BatchRow): void {
    this.#insert.run(row.id, row.batch, row.run, row.pack, row.members, row.intendedAt, batchSum(row));
  }

  /** Those with a declaration whose fate is open, oldest first. */
  open(): readonly BatchRow[] {
    return this.#open
      .all()
      .map((row) => this.get(new RowReader(row, this.#file, 'versions').number('batch')));
  }

  attempts(batch: number): readonly AttemptRow[] {
    return this.#attempts.all(batch).map((row) => this.#readAttempt(row));
  }

  /** Writes it, or writes its end. */
  putAttempt(row: AttemptRow): void {
    if (this.#putAttempt === undefined) throw new Error('a ledger of an earlier version is only looked at');
    const { batch, number, startedAt, endedAt, how, detail, serverAt } = row;
    this.#putAttempt.run(
      batch,
      number,
      startedAt,
      endedAt ?? null,
      how ?? null,
      detail ?? null,
      attemptSum(row),
      serverAt ?? null,
    );
  }

  /** The latest moment that any run or attempt was given; a clock that was set back does not undo it. */
  latestAt(): string | undefined {
    const at = this.#latest.get()?.['at'];
    return typeof at === 'string' ? at : undefined;
  }

  #read(row: Row): BatchRow {
    const reader = new RowReader(row, this.#file, 'batches');
    const found: BatchRow = {
      id: reader.number('id'),
      batch: reader.parsed('batch', parseBatchId(reader.text('batch'))),
      run: reader.number('run'),
      pack: reader.text('pack'),
      members: reader.number('members'),
      intendedAt: reader.text('intended_at'),
    };
    reader.checkSum(batchSum(found));
    return found;
  }

  #readAttempt(row: Row): AttemptRow {
    const reader = new RowReader(row, this.#file, 'attempts');
    const endedAt = reader.optionalText('ended_at');
    const how = attemptEndOf(reader.optionalText('how'));
    const detail = reader.optionalText('detail');
    const serverAt = 'server_at' in row ? reader.optionalText('server_at') : null;
    const found: AttemptRow = {
      batch: reader.number('batch'),
      number: reader.number('number'),
      startedAt: reader.text('started_at'),
      ...(endedAt === null ? {} : { endedAt }),
      ...(how === undefined ? {} : { how }),
      ...(detail === null ? {} : { detail }),
      ...(serverAt === null ? {} : { serverAt }),
    };
    reader.checkSum(attemptSum(found));
    return found;
  }
}

function batchSum({ id, batch, run, pack, members, intendedAt }: BatchRow): number {
  return sumOf([id, batch, run, pack, members, intendedAt]);
}

function attemptSum({ batch, number, startedAt, endedAt, how, detail, serverAt }: AttemptRow): number {
  const sum = [batch, number, startedAt, endedAt ?? null, how ?? null, detail ?? null];
  return sumOf(serverAt === undefined ? sum : [...sum, serverAt]);
}

function attemptEndOf(text: string | null): AttemptEnd | undefined {
  return text === 'answered' || text === 'not-sent' || text === 'cannot-know' ? text : undefined;
}
