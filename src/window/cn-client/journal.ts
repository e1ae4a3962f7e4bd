/** The import client window's own durable memory: what was handed over, which numbers belong to it, and every receipt file, whole. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { exitCode, Stop } from '../../model/stop.ts';
import { makePrivate } from '../private-file.ts';

const layout = `
create table if not exists meta (name text primary key, value text not null) strict, without rowid;
create table if not exists sent (
  id integer primary key autoincrement, key text not null, digest text not null, client_seq_no text not null,
  stem text not null unique, batch text not null, phase text not null, at text not null, message blob not null) strict;
create index if not exists sent_key on sent (key, id);
create index if not exists sent_number on sent (client_seq_no, id);
create table if not exists document (id text primary key, at text not null, content blob not null) strict, without rowid;
create table if not exists number (number text primary key, sent integer not null) strict, without rowid;
create table if not exists file (name text primary key, raw blob not null) strict, without rowid;
create table if not exists waiting (
  id integer primary key autoincrement, file text not null, client_seq_no text, window_number text, entry_id text,
  word text not null) strict;
create index if not exists waiting_window on waiting (window_number);
create index if not exists waiting_entry on waiting (entry_id);
create table if not exists feed (
  seq integer primary key autoincrement, sent integer not null, receipt text not null, state text, json text not null,
  unique (sent, receipt)) strict;
create table if not exists source (
  sent integer not null, receipt text not null, file text not null,
  primary key (sent, receipt, file)) strict, without rowid;
`;

export type JournalRow = Readonly<Record<string, SQLOutputValue>>;

export type Journal = {
  /** Differs between journals: part of each cursor. */
  readonly id: string;
  get(sql: string, ...values: SQLInputValue[]): JournalRow | undefined;
  all(sql: string, ...values: SQLInputValue[]): readonly JournalRow[];
  /** One row at a time; nothing may be written meanwhile. */
  each(sql: string, ...values: SQLInputValue[]): Iterable<JournalRow>;
  /** The id of the row inserted last. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** One durable transaction: all of `work`, or nothing. */
  commit<Result>(work: () => Result): Result;
  close(): void;
};

export type JournalReader = Pick<Journal, 'get' | 'all' | 'each' | 'close'>;

/** Also during a run; makes and changes nothing. Undefined where there is none. Throws `Stop` (exit 74) where it cannot be read. */
export function lookIntoJournal(file: string): JournalReader | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
    database.prepare('select 1 from file, sent, waiting').get();
    return reading(database);
  } catch (cause) {
    throw new Stop('cn-client/journal-unusable', exitCode.storage, { facts: { file }, cause });
  }
}

/** WAL, `synchronous=FULL`. Throws `Stop` (exit 74) where the file is no journal of ours or cannot be written. */
export function openJournal(file: string): Journal {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makePrivate(file);
    return prepared(new DatabaseSync(file, { timeout: 10_000 }), file);
  } catch (cause) {
    throw new Stop('cn-client/journal-unusable', exitCode.storage, { facts: { file }, cause });
  }
}

/** A disk that fails or is full in the middle of a run is a stop as well. */
function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_SQLITE_ERROR')) throw cause;
    throw new Stop('cn-client/journal-unusable', exitCode.storage, { facts: { file }, cause });
  }
}

function prepared(database: DatabaseSync, file: string): Journal {
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  database.exec(layout);
  database.prepare("insert or ignore into meta values ('id', ?)").run(randomBytes(6).toString('hex'));
  const { statement, ...reader } = reading(database);
  return {
    ...reader,
    id: textIn(reader.get("select value from meta where name = 'id'"), 'value'),
    run: (sql, ...values) => guarded(file, () => Number(statement(sql).run(...values).lastInsertRowid)),
    commit: (work) =>
      guarded(file, () => {
        database.exec('begin immediate');
        try {
          const result = work();
          database.exec('commit');
          return result;
        } catch (error) {
          if (database.isTransaction) database.exec('rollback');
          throw error;
        }
      }),
  };
}

function reading(database: DatabaseSync): JournalReader & {
  readonly statement: (sql: string) => ReturnType<DatabaseSync['prepare']>;
} {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const statement = (sql: string) => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return {
    statement,
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    each: (sql, ...values) => statement(sql).iterate(...values),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** A defect where there is no such text. */
export function textIn(row: JournalRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw new TypeError(`no text in ${column}`);
  return value;
}

/** A defect where there is no such number. */
export function numberIn(row: JournalRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new TypeError(`no number in ${column}`);
  return value;
}

/** A defect where there are no such bytes. */
export function blobIn(row: JournalRow | undefined, column: string): Uint8Array {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`no bytes in ${column}`);
  return value;
}
