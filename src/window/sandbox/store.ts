/** The sandbox window's own durable store: one SQLite file that several processes may have open. */
import { randomBytes } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { exitCode, Stop } from '../../model/stop.ts';
import { isObject, isWhole } from '../json.ts';
import { makePrivate } from '../private-file.ts';

const layout = `
create table if not exists meta (name text primary key, value text not null) strict, without rowid;
create table if not exists batch (
  id text primary key, profile text not null, expected integer not null, content_digest text not null,
  state text not null, came integer not null, opened_ms integer not null) strict, without rowid;
create index if not exists batch_open on batch (opened_ms) where state = 'open';
create table if not exists declaration (
  serial integer primary key autoincrement, ref text not null, version integer not null, digest text not null,
  batch text not null, window_number text not null unique, entry_id text not null unique, problems text not null,
  unique (ref, version)) strict;
create index if not exists declaration_digest on declaration (digest);
create index if not exists declaration_batch on declaration (batch, serial);
create table if not exists refusal (
  seq integer primary key autoincrement, batch text not null, ref text not null, item text not null) strict;
create index if not exists refusal_batch on refusal (batch, seq);
create table if not exists plan (
  due_ms integer not null, serial integer not null, step integer not null, code text not null, state text,
  primary key (due_ms, serial, step)) strict, without rowid;
create table if not exists event (
  seq integer primary key autoincrement, serial integer not null, step integer not null, code text not null,
  state text, at_ms integer not null) strict;
create index if not exists event_serial on event (serial, seq);
create table if not exists answer (
  key text not null, path text not null, fingerprint text not null, status integer not null, body text not null,
  at_ms integer not null, primary key (key, path)) strict, without rowid;
create index if not exists answer_age on answer (at_ms);
create table if not exists webhook (url text primary key, delivered integer not null) strict, without rowid;
create table if not exists trick (ref text not null, word text not null, primary key (ref, word)) strict, without rowid;
`;

export type Row = Readonly<Record<string, SQLOutputValue>>;

export type Store = {
  /** Differs between stores: part of each cursor. */
  readonly id: string;
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): readonly Row[];
  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number; readonly serial: number };
  /** One durable transaction: all of `work`, or nothing. */
  commit<Result>(work: () => Result): Result;
  close(): void;
};

/** WAL, `synchronous=FULL`, and up to ten seconds of waiting for another process. Throws `Stop` (exit 74) where the file is no store of ours or cannot be written. */
export function openStore(file: string): Store {
  try {
    makePrivate(file);
    return prepared(open(file));
  } catch (error) {
    throw new Stop('window/sandbox-store-unusable', exitCode.storage, { facts: { file }, cause: error });
  }
}

function open(file: string): DatabaseSync {
  for (let attempt = 1; ; attempt += 1) {
    const database = new DatabaseSync(file, { timeout: 10_000 });
    try {
      // Turning a new file into WAL does not wait for its lock, whatever the timeout says.
      database.exec('pragma journal_mode = wal; pragma synchronous = full; begin immediate');
      database.exec(layout);
      database.prepare("insert or ignore into meta values ('store', ?)").run(randomBytes(6).toString('hex'));
      database.exec('commit');
      return database;
    } catch (error) {
      database.close();
      if (attempt === 40 || !isBusy(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    }
  }
}

/** SQLITE_BUSY, in any of its kinds. */
function isBusy(error: unknown): boolean {
  return isObject(error) && isWhole(error['errcode']) && error['errcode'] % 256 === 5;
}

function prepared(database: DatabaseSync): Store {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const statement = (sql: string) => {
    let known = statements.get(sql);
    if (known === undefined) {
      known = database.prepare(sql);
      statements.set(sql, known);
    }
    return known;
  };
  if (statement('pragma synchronous').get()?.['synchronous'] !== 2)
    throw new Error('synchronous is not FULL');
  return {
    id: textOf(statement("select value from meta where name = 'store'").get(), 'value'),
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = statement(sql).run(...values);
      return { changes: Number(changes), serial: Number(lastInsertRowid) };
    },
    commit: (work) => {
      database.exec('begin immediate');
      try {
        const result = work();
        database.exec('commit');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('rollback');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** The text in a column; a defect where it holds none. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw new TypeError(`no text in ${column}`);
  return value;
}

/** The whole number in a column; a defect where it holds none. */
export function wholeOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new TypeError(`no number in ${column}`);
  return value;
}
