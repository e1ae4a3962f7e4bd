/** The contract of every single window protocol. */
import type { BatchId, DeclarationKey, Digest } from '../model/ids.ts';
import type { DocumentFile } from '../model/documents.ts';
import type { Receipt } from '../model/receipt.ts';

export type Lodgement = {
  readonly key: DeclarationKey;
  readonly digest: Digest;
  /** Canonical JSON, the very bytes that were digested and written to the ledger. */
  readonly body: string;
};

export type Batch = {
  /** Also the `Idempotency-Key`: the same batch is always sent under the same one, and holds the same lodgements in the same order. */
  readonly id: BatchId;
  readonly pack: string;
  readonly lodgements: readonly [Lodgement, ...Lodgement[]];
};

/** What is known after an attempt, for each declaration of the batch, in the batch's order. */
export type Answer =
  /** The window spoke about this declaration. */
  | {
      readonly kind: 'answered';
      readonly key: DeclarationKey;
      readonly receipt: Receipt;
      /** A refusal because the window holds something under this reference already: it may be our own. */
      readonly isDuplicate?: true;
    }
  /** Certainly not processed: safe to send again. */
  | { readonly kind: 'not-sent'; readonly key: DeclarationKey; readonly reason: FailureReason }
  /** A byte went out and no trustworthy word came back. */
  | { readonly kind: 'cannot-know'; readonly key: DeclarationKey; readonly reason: FailureReason };

/** Why an attempt failed, classified once by the protocol. Nobody reads error texts after this. */
export type FailureReason = {
  readonly cause:
    | 'unreachable'
    | 'throttled'
    | 'unavailable'
    | 'timeout'
    | 'broken-answer'
    | 'sign-in'
    | 'too-large'
    | 'refused';
  /** The least time to wait, where the window named one. */
  readonly retryAfterMs?: number;
  readonly status?: number;
};

/** Opaque; the empty string is the beginning. */
export type Cursor = string;

export type WindowLimits = { readonly declarations: number; readonly bytes: number };

export type Inquiry =
  | {
      readonly kind: 'found';
      readonly key: DeclarationKey;
      readonly receipts: readonly Receipt[];
      readonly digest?: Digest;
    }
  | { readonly kind: 'not-found'; readonly key: DeclarationKey }
  | { readonly kind: 'no-answer'; readonly key: DeclarationKey; readonly reason: FailureReason };

/** What became of one request to cancel. It is an outcome of its own: a refusal leaves the declaration as it was. */
export type Cancellation =
  | { readonly kind: 'cancelled'; readonly key: DeclarationKey; readonly receipt: Receipt }
  /** The window keeps the declaration; `text` is its reason, as it came. */
  | { readonly kind: 'refused'; readonly key: DeclarationKey; readonly text: string }
  /** Safe to ask again: cancelling twice is cancelling once. */
  | { readonly kind: 'no-answer'; readonly key: DeclarationKey; readonly reason: FailureReason };

export interface SingleWindow {
  /** `sandbox`, or the name in the configuration. */
  readonly name: string;
  /** The origin; part of what a ledger is bound to. */
  readonly address: string;
  limits(signal: AbortSignal): Promise<WindowLimits>;
  /** Before a declaration is written down to be sent: takes the files that go with it into the window's own memory, durable, and gives back those that are no longer what was looked at. Absent where the protocol carries no files: then only their names are lodged. */
  keepDocuments?(documents: readonly DocumentFile[]): Promise<readonly DocumentFile[]>;
  /** One attempt. One answer for each declaration; never throws for a declaration's fate; throws `Stop` where nobody may go on (sign-in refused). */
  submit(batch: Batch, signal: AbortSignal): Promise<readonly Answer[]>;
  inquire(keys: readonly DeclarationKey[], signal: AbortSignal): Promise<readonly Inquiry[]>;
  /** What happened since the cursor, at least once each, ordered for each declaration. Waits up to `waitMs` where there is nothing. */
  events(
    since: Cursor,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly receipts: readonly Receipt[]; readonly next: Cursor }>;
  /** Absent where the protocol has no such call. One answer for each key, in the order of the keys; throws `Stop` where the sign-in is refused. */
  cancel?(keys: readonly DeclarationKey[], signal: AbortSignal): Promise<readonly Cancellation[]>;
  /** After `submit` stopped with `window/sign-in-refused`: true where the same batch may go out once more, with a token that was asked for anew. Throws `Stop` (exit 6) where none can be had. Absent where the protocol has no sign-in. */
  signInAgain?(): Promise<boolean>;
  /** The moment by the window's own clock, where its answers told it. */
  serverNow?(): Date | undefined;
  close(): Promise<void>;
}
