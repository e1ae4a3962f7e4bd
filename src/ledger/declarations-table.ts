/** The table of declarations: one row for each key ever intended, with the state that decides whether it may be sent. */
import { clientSeqNoOf, parseClientSeqNo, parseDeclarationKey, parseEntryId } from '../model/ids.ts';
import type { ClientSeqNo, DeclarationKey, EntryId } from '../model/ids.ts';
import { isLodgementState, type LodgementState } from '../model/state.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';
import type { Database, Row, Statement } from './database.ts';
import { schemaVersion } from './migrations.ts';

export type DeclarationRow = {
  readonly id: number;
  readonly key: DeclarationKey;
  /** The number of the version that was last intended, from 1. */
  readonly version: number;
  readonly state: LodgementState;
  /** The run that intended it, by its number in the table of runs. */
  readonly run: number;
  readonly entryId: EntryId | undefined;
  /** Ours at the import interface: no two declarations of a ledger have the same. */
  readonly clientSeqNo: ClientSeqNo;
  readonly intendedAt: string;
  readonly changedAt: string;
};

/** How many rows a listing reads at a time, so that no statement stays open while the caller writes. */
const pageSize = 500;

export class DeclarationsTable {
  readonly #file: string;
  readonly #byKey: Statement;
  readonly #byId: Statement;
  readonly #byNumber: Statement | undefined;
  readonly #insert: Statement | undefined;
  readonly #update: Statement;
  readonly #inState: Statement;
  readonly #inStateAfter: Statement;
  readonly #ofRun: Statement;
  readonly #after: Statement;
  readonly #counts: Statement;

  constructor(db: Database) {
    this.#file = db.file;
    this.#byKey = db.prepare('SELECT * FROM declarations WHERE key = ?');
    this.#byId = db.prepare('SELECT * FROM declarations WHERE id = ?');
    // A ledger that is only looked at may be of a version without numbers: they are derived, and nobody writes there.
    const isNumbered = schemaVersion(db) >= 5;
    this.#byNumber = isNumbered
      ? db.prepare('SELECT * FROM declarations WHERE client_seq_no = ?')
      : undefined;
    this.#insert = isNumbered
      ? db.prepare('INSERT INTO declarations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      : undefined;
    this.#update = db.prepare(
      'UPDATE declarations SET version = ?, state = ?, run = ?, entry_id = ?, changed_at = ?, sum = ? WHERE id = ?',
    );
    this.#inState = db.prepare('SELECT * FROM declarations WHERE state = ? ORDER BY id LIMIT ?');
    this.#inStateAfter = db.prepare(
      'SELECT * FROM declarations WHERE state = ? AND id > ? ORDER BY id LIMIT ?',
    );
    this.#ofRun = db.prepare('SELECT * FROM declarations WHERE run = ? AND id > ? ORDER BY id LIMIT ?');
    this.#after = db.prepare('SELECT * FROM declarations WHERE id > ? ORDER BY id LIMIT ?');
    this.#counts = db.prepare('SELECT state, count(*) AS number FROM declarations GROUP BY state');
  }

  find(key: DeclarationKey): DeclarationRow | undefined {
    const row = this.#byKey.get(key);
    if (row === undefined) return undefined;
    const found = this.#read(row);
    return found.key === key ? found : new RowReader(row, this.#file, 'declarations').fail('key');
  }

  /** Whose number it is. */
  ofNumber(number: ClientSeqNo): DeclarationRow | undefined {
    const row = this.#byNumber?.get(number);
    return row === undefined ? undefined : this.#read(row);
  }

  /** A row that another table points to; its absence is damage. */
  get(id: number): DeclarationRow {
    return this.#read(this.#byId.get(id) ?? {});
  }

  /** `id` must be free: one more than `lastId`. */
  insert(row: DeclarationRow): void {
    if (this.#insert === undefined) throw new Error('a ledger of an earlier version is only looked at');
    const { id, key, version, state, run, entryId, intendedAt, changedAt, clientSeqNo } = row;
    this.#insert.run(
      id,
      key,
      version,
      state,
      run,
      entryId ?? null,
      intendedAt,
      changedAt,
      declarationSum(row),
      clientSeqNo,
    );
  }

  update(row: DeclarationRow): void {
    const { id, version, state, run, entryId, changedAt } = row;
    this.#update.run(version, state, run, entryId ?? null, changedAt, declarationSum(row), id);
  }

  /** Oldest first, by when they were first intended. */
  inState(state: LodgementState, limit: number): readonly DeclarationRow[] {
    return this.#inState.all(state, limit).map((row) => this.#read(row));
  }

  /** The same, however many there are. */
  *eachInState(state: LodgementState): Generator<DeclarationRow> {
    yield* this.#pages((after) => this.#inStateAfter.all(state, after, pageSize));
  }

  *ofRun(run: number): Generator<DeclarationRow> {
    yield* this.#pages((after) => this.#ofRun.all(run, after, pageSize));
  }

  *all(): Generator<DeclarationRow> {
    yield* this.#pages((after) => this.#after.all(after, pageSize));
  }

  counts(): ReadonlyMap<LodgementState, number> {
    const counts = new Map<LodgementState, number>();
    for (const row of this.#counts.all()) {
      const reader = new RowReader(row, this.#file, 'declarations');
      counts.set(stateOf(reader), reader.number('number'));
    }
    return counts;
  }

  *#pages(read: (after: number) => readonly Row[]): Generator<DeclarationRow> {
    let last = 0;
    for (;;) {
      const page = read(last).map((row) => this.#read(row));
      yield* page;
      last = page.at(-1)?.id ?? last;
      if (page.length < pageSize) return;
    }
  }

  #read(row: Row): DeclarationRow {
    const reader = new RowReader(row, this.#file, 'declarations');
    const entryId = reader.optionalText('entry_id');
    const key = reader.parsed('key', parseDeclarationKey(reader.text('key')));
    const isNumbered = 'client_seq_no' in row;
    const found: DeclarationRow = {
      id: reader.number('id'),
      key,
      version: reader.number('version'),
      state: stateOf(reader),
      run: reader.number('run'),
      entryId: entryId === null ? undefined : reader.parsed('entry_id', parseEntryId(entryId)),
      intendedAt: reader.text('intended_at'),
      changedAt: reader.text('changed_at'),
      clientSeqNo: isNumbered
        ? reader.parsed('client_seq_no', parseClientSeqNo(reader.text('client_seq_no')))
        : clientSeqNoOf(key),
    };
    reader.checkSum(isNumbered ? declarationSum(found) : declarationSum(found, []));
    return found;
  }
}

/** `numbers`: what later versions of the schema added. */
function declarationSum(row: DeclarationRow, numbers: readonly string[] = [row.clientSeqNo]): number {
  const { id, key, version, state, run, entryId, intendedAt, changedAt } = row;
  return sumOf([id, key, version, state, run, entryId ?? null, intendedAt, changedAt, ...numbers]);
}

function stateOf(reader: RowReader): LodgementState {
  const state = reader.text('state');
  return isLodgementState(state) ? state : reader.fail('state');
}
