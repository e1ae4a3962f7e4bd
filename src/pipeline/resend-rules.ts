/** When a declaration may go out a second time: one rule for each kind of window, as pure functions of what is known. */
import type { WindowPromises } from '../pack/pack.ts';

/** What is known of a declaration that may have arrived. */
export type Doubt = {
  /** Since the first attempt began, at least; `Infinity` where no clock can be trusted. */
  readonly ageMs: number;
  /** Since the last attempt began, at most, when the window was asked. */
  readonly restedMs: number;
  /** What the window said when it was asked just now. `no-answer` is never "not found". */
  readonly word: 'not-found' | 'no-answer';
  /** How often the window said "not found" after the settle time, this one included. */
  readonly notFound: number;
};

export type NextStep =
  /** The same batch again: same key, same bytes, same order. */
  | { readonly step: 'resend' }
  | { readonly step: 'ask-again'; readonly afterMs: number }
  /** It never arrived and cannot arrive any more: free to be sent in a new batch. */
  | { readonly step: 'free' }
  /** The window gave no word: the next run asks again. */
  | { readonly step: 'leave' }
  /** Nothing more can be done by itself. */
  | { readonly step: 'person' };

/** Nobody resends near the end of a promise: clocks differ. */
const trustedShare = 0.8;
/** "Not found" counts only when it was said so often. */
const notFoundNeeded = 2;
const betweenQuestionsMs = 1_000;

/** How long a declaration may still be on its way: what the window says, and never less than two whole requests of ours. */
export function settleMsOf({ settleMs }: WindowPromises, requestMs: number): number {
  return Math.max(settleMs, 2 * requestMs);
}

/** Past this the window no longer tells a second sending from a first one. 0 where it never does. */
export function protectedMs({ kind, keyLifeMs, duplicateWindowMs }: WindowPromises): number {
  switch (kind) {
    case 'key':
      return keyLifeMs * trustedShare;
    case 'lookup':
    case 'duplicate-refusing':
      return duplicateWindowMs * trustedShare;
    case 'none':
      return 0;
    default:
      return kind satisfies never;
  }
}

/** What may be done about a declaration that the window has not named when it was asked. */
export function nextStep(
  promises: WindowPromises,
  settleMs: number,
  { ageMs, restedMs, word, notFound }: Doubt,
): NextStep {
  if (!(ageMs < protectedMs(promises))) return { step: 'person' };
  switch (promises.kind) {
    case 'key':
    case 'duplicate-refusing':
      return { step: 'resend' };
    case 'lookup':
      if (word === 'no-answer') return { step: 'leave' };
      if (restedMs < settleMs) return { step: 'ask-again', afterMs: settleMs - restedMs };
      return notFound < notFoundNeeded
        ? { step: 'ask-again', afterMs: Math.min(betweenQuestionsMs, settleMs / 4) }
        : { step: 'free' };
    case 'none':
      return { step: 'person' };
    default:
      return promises.kind satisfies never;
  }
}

export type Clocks = {
  /** By this machine's clock, in ms since 1970. */
  readonly firstSentMs: number;
  readonly nowMs: number;
  /** The latest moment that the ledger has ever written down. */
  readonly latestMs: number;
  /** By the window's own clock (`Date`), where it told it then and now. */
  readonly serverSentMs?: number | undefined;
  readonly serverNowMs?: number | undefined;
};

/** A clock may be off by so much before it is called wrong. */
const clockSlackMs = 60_000;

/**
 * The larger of the ages by the machine's clock and by the window's. A clock that was set back never makes a declaration younger:
 * the latest moment the ledger ever saw counts. Where the clock stands before the sending, and the window's cannot help, the age is `Infinity`.
 */
export function ageOf({ firstSentMs, nowMs, latestMs, serverSentMs, serverNowMs }: Clocks): number {
  const byServer =
    serverSentMs === undefined || serverNowMs === undefined ? undefined : serverNowMs - serverSentMs;
  const byMachine = Math.max(nowMs, latestMs) - firstSentMs;
  if (nowMs < firstSentMs - clockSlackMs && byServer === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, byMachine, byServer ?? 0);
}

/**
 * The smaller of the times since the last attempt by both clocks: a clock that jumped ahead does not make a late arrival impossible.
 * Where the window tells no time, no more than this run has been asking: nothing else is sure to have passed.
 */
export function restedOf({
  lastSentMs,
  nowMs,
  serverLastMs,
  serverNowMs,
  askingForMs,
}: {
  readonly lastSentMs: number;
  readonly nowMs: number;
  readonly serverLastMs?: number | undefined;
  readonly serverNowMs?: number | undefined;
  readonly askingForMs: number;
}): number {
  const byServer =
    serverLastMs === undefined || serverNowMs === undefined ? askingForMs : serverNowMs - serverLastMs;
  return Math.max(0, Math.min(nowMs - lastSentMs, byServer));
}

export type DuplicateAnswer = {
  /** An earlier attempt of ours, under whatever batch, had no trustworthy answer. */
  readonly isDoubted: boolean;
  /** What the window said when it was asked: our very content, another, or nothing that can be used. */
  readonly held: 'ours' | 'another' | 'not-found' | 'no-answer';
};

/** What "duplicate" means: after an attempt of ours in doubt it is our own declaration; otherwise somebody else's, and a person decides. */
export function afterDuplicate({ isDoubted, held }: DuplicateAnswer): 'settled' | 'unknown' | 'refused' {
  if (!isDoubted) return 'refused';
  if (held === 'ours') return 'settled';
  return held === 'another' ? 'refused' : 'unknown';
}
