/** The contract of the ledger: the durable memory of what was sent, and the only source of truth about it. */
import type { Filled } from '../model/declaration.ts';
import type { BatchId, ClientSeqNo, DeclarationKey, Digest, EntryId, RunId } from '../model/ids.ts';
import type { Receipt } from '../model/receipt.ts';
import type { Rows } from '../model/row.ts';
import type { LodgementState } from '../model/state.ts';

export type LedgerEntry = {
  readonly key: DeclarationKey;
  /** Ours at the import interface, given when it was first intended. */
  readonly clientSeqNo: ClientSeqNo;
  readonly digest: Digest;
  readonly state: LodgementState;
  /** The run that lodged it. */
  readonly run: RunId;
  readonly rows: Rows;
  /** The batch it was last sent in. */
  readonly batch?: BatchId;
  readonly entryId?: EntryId;
  /** Oldest first. */
  readonly receipts: readonly Receipt[];
  /** ISO 8601 UTC: when it was first intended, and when its state last changed. */
  readonly intendedAt: string;
  readonly changedAt: string;
};

/** A declaration about to be sent for the first time, or again after a rejection with other content. */
export type Intent = {
  readonly key: DeclarationKey;
  readonly digest: Digest;
  readonly body: string;
  readonly rows: Rows;
  readonly filled: readonly Filled[];
  /** What the pack knows its shipment by, as a digest; absent where it has no such numbers. */
  readonly shipment?: string;
};

export type AttemptEnd = 'answered' | 'not-sent' | 'cannot-know';

export type OpenBatch = {
  readonly id: BatchId;
  readonly pack: string;
  /** All declarations of the batch in its order, also those decided since: the same key always goes with the same bytes. */
  readonly intents: readonly Intent[];
  /** When the first attempt began; when it was intended, where none has begun. */
  readonly firstSentAt: string;
  /** The latest moment that the ledger wrote down for any run or attempt: no clock is believed to stand before it. */
  readonly latestAt?: string;
  /** When the first attempt began by the window's own clock, where it had told it. */
  readonly serverSentAt?: string;
  /** The same of the last attempt: how long something may still be on its way counts from there. */
  readonly lastSentAt?: string;
  readonly serverLastAt?: string;
  /** Whether an attempt may have reached the window. False where none began, and where the window is known to have processed none: then what is open is free. */
  readonly isDoubted: boolean;
};

export type RunStart = {
  readonly run: RunId;
  readonly command: string;
  readonly pack: string;
  readonly files: readonly { readonly file: string; readonly digest: string }[];
  readonly startedAt: string;
};

export type RunEntry = RunStart & {
  readonly endedAt?: string;
  readonly exit?: number;
  readonly summary?: string;
};

/** Every method is one transaction: what it says is durable when it returns. Throws `Stop` (exit 74) where the ledger is damaged or the disk is full. */
export interface Ledger {
  readonly file: string;
  /** Where the ledger is in use since when; then this is what stayed behind, and tells how things stood at that time. */
  readonly movedTo?: { readonly place: string; readonly at: string };
  beginRun(start: RunStart): void;
  /** `summary` is the run's summary as JSON. */
  endRun(
    run: RunId,
    end: { readonly endedAt: string; readonly exit: number; readonly summary: string },
  ): void;
  runs(limit: number): readonly RunEntry[];
  /** Keeps the next stretch of what became of the run's rows: text of the caller's, so that reports can be made again. */
  keepResults(run: RunId, text: string): void;
  /** The stretches kept, in their order; none where they were purged, or the run kept none. */
  resultsOf(run: RunId): Iterable<string>;
  find(keys: readonly DeclarationKey[]): ReadonlyMap<DeclarationKey, LedgerEntry>;
  /** Declarations of the same shipment: by its digest, the keys of the first six in the order in which they were lodged. */
  ofShipments(shipments: readonly string[]): ReadonlyMap<string, readonly DeclarationKey[]>;
  /** Whose each number is, where it is anybody's: two keys never share one. */
  holdersOf(numbers: readonly ClientSeqNo[]): ReadonlyMap<ClientSeqNo, DeclarationKey>;
  /** Write-ahead: the batch and its declarations, state `sending`, before the first byte goes out. Refuses (throws a defect) a key that is not free: absent, `rejected`, or `prepared` again after `release`. */
  intend(
    run: RunId,
    batch: { readonly id: BatchId; readonly pack: string; readonly intents: readonly Intent[] },
    at: string,
  ): void;
  /** Before each attempt, also the first: counts it. `serverAt`: the moment by the window's own clock, where it is known. Returns its number, from 1. */
  beginAttempt(batch: BatchId, at: string, serverAt?: string): number;
  endAttempt(
    batch: BatchId,
    attempt: number,
    end: { readonly at: string; readonly how: AttemptEnd; readonly detail?: string },
  ): void;
  /** Stores facts (a known receipt id is stored once), and moves each declaration to the state its facts give. */
  record(receipts: readonly Receipt[], at: string): void;
  /** No trustworthy answer: `sending` becomes `unknown`. */
  markUnknown(keys: readonly DeclarationKey[], at: string): void;
  /** The window certainly never had it: free to be sent again. */
  release(keys: readonly DeclarationKey[], at: string): void;
  /** Batches with a declaration in `sending` or `unknown`, oldest first, with the very bytes that were to be sent. */
  openBatches(): readonly OpenBatch[];
  /** The very text that was sent last; undefined where it was purged, or was never sent. */
  bodyOf(key: DeclarationKey): string | undefined;
  /** Declarations in one of the states, oldest first. */
  inStates(states: readonly LodgementState[], limit: number): readonly LedgerEntry[];
  /** The same, all of them, few in memory at a time. Nothing may be written meanwhile. */
  eachInStates(states: readonly LodgementState[]): Iterable<LedgerEntry>;
  /** How many declarations stand in each state. */
  counts(): ReadonlyMap<LodgementState, number>;
  entriesOfRun(run: RunId): Iterable<LedgerEntry>;
  cursor(window: string): string;
  setCursor(window: string, cursor: string): void;
  close(): void;
}
