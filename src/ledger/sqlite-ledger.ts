/** The ledger over an open SQLite file: each method one transaction, the work itself in the rooms beside. */
import type { BatchId, ClientSeqNo, DeclarationKey, RunId } from '../model/ids.ts';
import type { Receipt } from '../model/receipt.ts';
import type { LodgementState } from '../model/state.ts';
import type { WindowBinding } from './binding.ts';
import type { Database } from './database.ts';
import type { DeclarationRow } from './declarations-table.ts';
import type { Ledger, LedgerEntry, OpenBatch, RunEntry, RunStart } from './ledger.ts';
import * as lodging from './lodging.ts';
import type { OpenFile } from './open-file.ts';
import { receiptOf } from './receipts-table.ts';
import { openTables, type Tables } from './tables.ts';
import { damaged } from './storage-failures.ts';

export type KeptReceipt = {
  /** Of the declaration's versions, the one that it speaks of, from 1. */
  readonly version: number;
  readonly recordedAt: string;
  /** Whether it bears on the declaration's state today. */
  readonly counts: boolean;
  readonly receipt: Receipt;
};

export class SqliteLedger implements Ledger {
  readonly file: string;
  /** The window it was made for. */
  readonly window: WindowBinding;
  readonly movedTo?: { readonly place: string; readonly at: string };
  readonly #db: Database;
  readonly #tables: Tables;
  readonly #opened: OpenFile;

  constructor(opened: OpenFile) {
    this.file = opened.db.file;
    this.window = opened.meta.window;
    if (opened.seal !== undefined) this.movedTo = { place: opened.seal.place, at: opened.seal.at };
    this.#db = opened.db;
    this.#tables = openTables(opened.db);
    this.#opened = opened;
  }

  beginRun(start: RunStart): void {
    this.#opened.setHolder({ run: start.run, command: start.command });
    this.#db.transaction(() => this.#tables.runs.insert(this.#tables.nextId('runs'), start));
  }

  endRun(
    run: RunId,
    end: { readonly endedAt: string; readonly exit: number; readonly summary: string },
  ): void {
    this.#db.transaction(() => this.#tables.runs.end(run, end));
  }

  runs(limit: number): readonly RunEntry[] {
    return this.#tables.runs.newest(limit);
  }

  keepResults(run: RunId, text: string): void {
    this.#db.transaction(() => this.#tables.results.insert(this.#tables.runs.numberOf(run), text));
  }

  resultsOf(run: RunId): Iterable<string> {
    const number = this.#tables.runs.find(run);
    return number === undefined ? [] : this.#tables.results.ofRun(number);
  }

  find(keys: readonly DeclarationKey[]): ReadonlyMap<DeclarationKey, LedgerEntry> {
    const found = new Map<DeclarationKey, LedgerEntry>();
    for (const key of keys) {
      const row = this.#tables.declarations.find(key);
      if (row !== undefined) found.set(key, this.#entryOf(row));
    }
    return found;
  }

  ofShipments(shipments: readonly string[]): ReadonlyMap<string, readonly DeclarationKey[]> {
    return new Map(shipments.map((shipment) => [shipment, this.#tables.shipments.keysOf(shipment)]));
  }

  holdersOf(numbers: readonly ClientSeqNo[]): ReadonlyMap<ClientSeqNo, DeclarationKey> {
    const holders = new Map<ClientSeqNo, DeclarationKey>();
    for (const number of numbers) {
      const row = this.#tables.declarations.ofNumber(number);
      if (row !== undefined) holders.set(number, row.key);
    }
    return holders;
  }

  intend(run: RunId, batch: lodging.IntendedBatch, at: string): void {
    this.#db.transaction(() => lodging.intend(this.#tables, run, batch, at));
  }

  beginAttempt(batch: BatchId, at: string, serverAt?: string): number {
    return this.#db.transaction(() => lodging.beginAttempt(this.#tables, batch, at, serverAt));
  }

  endAttempt(batch: BatchId, attempt: number, end: lodging.EndedAttempt): void {
    this.#db.transaction(() => lodging.endAttempt(this.#tables, batch, attempt, end));
  }

  record(receipts: readonly Receipt[], at: string): void {
    if (receipts.length > 0) this.#db.transaction(() => lodging.record(this.#tables, receipts, at));
  }

  markUnknown(keys: readonly DeclarationKey[], at: string): void {
    if (keys.length > 0) this.#db.transaction(() => lodging.markUnknown(this.#tables, keys, at));
  }

  release(keys: readonly DeclarationKey[], at: string): void {
    if (keys.length > 0) this.#db.transaction(() => lodging.release(this.#tables, keys, at));
  }

  openBatches(): readonly OpenBatch[] {
    const open = this.#tables.batches.open();
    const latestAt = open.length === 0 ? undefined : this.#tables.batches.latestAt();
    return open.map((batch) => {
      const members = this.#tables.versions.ofBatch(batch.id);
      if (members.length !== batch.members) throw damaged(this.file, 'batches.members');
      const attempts = this.#tables.batches.attempts(batch.id);
      const last = attempts.at(-1);
      return {
        id: batch.batch,
        pack: batch.pack,
        firstSentAt: attempts[0]?.startedAt ?? batch.intendedAt,
        isDoubted: attempts.some(({ how }) => how !== 'not-sent'),
        ...(latestAt === undefined ? {} : { latestAt }),
        ...(attempts[0]?.serverAt === undefined ? {} : { serverSentAt: attempts[0].serverAt }),
        ...(last === undefined ? {} : { lastSentAt: last.startedAt }),
        ...(last?.serverAt === undefined ? {} : { serverLastAt: last.serverAt }),
        intents: members.map((version) => {
          const { key } = this.#tables.declarations.get(version.declaration);
          const content = this.#tables.versions.content(version);
          if (content === undefined) throw damaged(this.file, 'versions.body');
          return { key, digest: version.digest, rows: version.rows, ...content };
        }),
      };
    });
  }

  inStates(states: readonly LodgementState[], limit: number): readonly LedgerEntry[] {
    return [...new Set(states)]
      .flatMap((state) => this.#tables.declarations.inState(state, limit))
      .sort((a, b) => a.id - b.id)
      .slice(0, limit)
      .map((row) => this.#entryOf(row));
  }

  /** As `inStates`, all of them, a page of each state in memory. */
  *eachInStates(states: readonly LodgementState[]): Generator<LedgerEntry> {
    const queues = [...new Set(states)].map((state) => {
      const rows = this.#tables.declarations.eachInState(state);
      return { rows, next: rows.next() };
    });
    for (;;) {
      let oldest: { readonly queue: (typeof queues)[number]; readonly row: DeclarationRow } | undefined;
      for (const queue of queues) {
        if (queue.next.done === true) continue;
        if (oldest === undefined || queue.next.value.id < oldest.row.id)
          oldest = { queue, row: queue.next.value };
      }
      if (oldest === undefined) return;
      yield this.#entryOf(oldest.row);
      oldest.queue.next = oldest.queue.rows.next();
    }
  }

  bodyOf(key: DeclarationKey): string | undefined {
    const row = this.#tables.declarations.find(key);
    if (row === undefined) return undefined;
    return this.#tables.versions.content(this.#tables.versions.get(row.id, row.version))?.body;
  }

  counts(): ReadonlyMap<LodgementState, number> {
    return this.#tables.declarations.counts();
  }

  *entriesOfRun(run: RunId): Generator<LedgerEntry> {
    const number = this.#tables.runs.find(run);
    if (number === undefined) return;
    for (const row of this.#tables.declarations.ofRun(number)) yield this.#entryOf(row);
  }

  /** Receipts about declarations that this ledger never held: someone else lodged them, or this is not the whole ledger. */
  strayReceipts(limit: number): readonly Receipt[] {
    return this.#tables.receipts.strays(limit);
  }

  countStrayReceipts(): number {
    return this.#tables.receipts.countStrays();
  }

  /** All that the window ever said about a declaration, in the order in which it was stored, also about earlier versions of it. */
  receiptsOf(key: DeclarationKey): readonly KeptReceipt[] {
    const row = this.#tables.declarations.find(key);
    if (row === undefined) return [];
    return this.#tables.receipts.ofDeclaration(row.id).map((receipt) => ({
      version: receipt.version,
      recordedAt: receipt.recordedAt,
      counts: lodging.countsFor(row.version, receipt.version, receipt.state),
      receipt: receiptOf(receipt, row.key),
    }));
  }

  cursor(window: string): string {
    return this.#tables.runs.cursor(window);
  }

  setCursor(window: string, cursor: string): void {
    this.#db.transaction(() => this.#tables.runs.setCursor(window, cursor));
  }

  close(): void {
    if (this.#db.isOpen) this.#opened.close();
  }

  #entryOf(row: DeclarationRow): LedgerEntry {
    const version = this.#tables.versions.get(row.id, row.version);
    const receipts = this.#tables.receipts
      .ofDeclaration(row.id)
      .filter((receipt) => lodging.countsFor(row.version, receipt.version, receipt.state))
      .map((receipt) => receiptOf(receipt, row.key));
    return {
      key: row.key,
      clientSeqNo: row.clientSeqNo,
      digest: version.digest,
      state: row.state,
      run: this.#tables.runs.idOf(row.run),
      rows: version.rows,
      batch: this.#tables.batches.get(version.batch).batch,
      ...(row.entryId === undefined ? {} : { entryId: row.entryId }),
      receipts,
      intendedAt: row.intendedAt,
      changedAt: row.changedAt,
    };
  }
}
