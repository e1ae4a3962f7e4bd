/** The lodging stages with a ledger in memory, a window that says what a test tells it, and time that passes at once. */
import { parseBatchId, parseDeclarationKey, parseRunId } from '../../src/model/ids.ts';
import type { Declaration } from '../../src/model/declaration.ts';
import type { Intent } from '../../src/ledger/ledger.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import type { LodgementState } from '../../src/model/state.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import { openPressure } from '../../src/pipeline/pressure.ts';
import type { WindowPromises } from '../../src/pack/pack.ts';
import type { Answer, Batch, Inquiry, Lodgement, SingleWindow } from '../../src/window/single-window.ts';
import { memoryLedger, memoryStore, type MemoryStore } from '../simulation/memory-ledger.ts';
import { declarationOf } from '../simulation/world.ts';

export type Saying = (batch: Batch) => readonly Answer[];

export type Trial = {
  readonly engine: Engine;
  /** What went out, batch by batch: its id and its keys. */
  readonly sent: { readonly id: string; readonly keys: readonly string[] }[];
  readonly asked: (readonly string[])[];
  readonly slept: number[];
  readonly interrupt: AbortController;
  /** What the ledger holds. */
  readonly store: MemoryStore;
};

export type TrialOptions = {
  readonly kind?: WindowPromises['kind'];
  readonly promises?: Partial<WindowPromises>;
  /** What the window says to each submission in turn; then it takes everything. */
  readonly says?: readonly Saying[];
  readonly inquire?: (keys: readonly Lodgement['key'][]) => readonly Inquiry[];
  readonly window?: Partial<SingleWindow>;
  /** What happened at the window: the one page of its events. */
  readonly events?: readonly Receipt[];
  readonly jitter?: number;
  /** How long each submission takes. */
  readonly takesMs?: number;
  readonly onSleep?: (trial: Trial) => void;
};

export const startMs = Date.UTC(2026, 0, 5, 8);
export const secondsIn = (seconds: number): string => new Date(startMs + seconds * 1000).toISOString();

export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sample is not well formed');
  return value;
}

/** The declaration `K0`, `K1`, … as it is about to be sent. */
export function intent(number: number): Intent {
  const { key, digest, body, rows, filled } = declarationOf(known(parseDeclarationKey(`K${number}`)), 1);
  return { key, digest, body, rows, filled };
}

/** How many declarations stand in each state. */
export function states({ engine }: Trial): Readonly<Record<string, number>> {
  return Object.fromEntries(engine.ledger.counts());
}

export function receiptFor(
  { key, digest }: Pick<Declaration, 'key' | 'digest'>,
  state: LodgementState,
  more: Partial<Receipt> = {},
): Receipt {
  return {
    key,
    digest,
    id: `${state}-${key}`,
    state,
    at: '2026-01-05T16:00:00+08:00',
    problems: [],
    ...more,
  };
}

export const taking: Saying = ({ lodgements }) =>
  lodgements.map((each) => ({ kind: 'answered', key: each.key, receipt: receiptFor(each, 'received') }));

export function saying(
  kind: 'not-sent' | 'cannot-know',
  reason: Extract<Answer, { kind: 'not-sent' }>['reason'],
): Saying {
  return ({ lodgements }) => lodgements.map(({ key }) => ({ kind, key, reason }));
}

/** No word comes back. */
export const silent = saying('cannot-know', { cause: 'timeout' });
/** It takes nothing for now. */
export const busy = saying('not-sent', { cause: 'unavailable', status: 503, retryAfterMs: 1_000 });
/** It refuses what it was sent. */
export const refusing = saying('not-sent', { cause: 'refused', status: 400 });

/** "I have this already", in the words of a rejection. */
export const duplicate: Saying = ({ lodgements }) =>
  lodgements.map((lodgement) => ({
    kind: 'answered',
    key: lodgement.key,
    receipt: receiptFor(lodgement, 'rejected', { code: 'duplicate' }),
    isDuplicate: true,
  }));

/** One answer for each declaration, in their order. */
export function each(...how: readonly Saying[]): Saying {
  return (batch) => batch.lodgements.flatMap((_, at) => how[at % how.length]?.(batch)[at] ?? []);
}

export function onTrial(options: TrialOptions = {}): Trial {
  const { kind = 'key', says = [], jitter = 0, takesMs = 0 } = options;
  const interrupt = new AbortController();
  let elapsedMs = 0;
  let batches = 0;
  const sent: { id: string; keys: readonly string[] }[] = [];
  const asked: (readonly string[])[] = [];
  const slept: number[] = [];
  const waiting = [...says];
  const run = known(parseRunId('20260105-080000-aaaa'));
  const store = memoryStore();
  const ledger = memoryLedger(store);
  ledger.beginRun({ run, command: 'import', pack: 'p', files: [], startedAt: secondsIn(0) });
  const engine: Engine = {
    run,
    pack: 'p',
    ledger,
    promises: {
      kind,
      maxDeclarationsPerBatch: 500,
      maxBytesPerBatch: 1 << 22,
      keyLifeMs: 864_000_000,
      duplicateWindowMs: 864_000_000,
      settleMs: 60_000,
      ...options.promises,
    },
    window: {
      name: 'trial',
      address: 'trial:',
      limits: () => Promise.resolve({ declarations: 500, bytes: 1 << 22 }),
      submit: (batch) => {
        elapsedMs += takesMs;
        sent.push({ id: batch.id, keys: batch.lodgements.map(({ key }) => key) });
        return Promise.resolve((waiting.shift() ?? taking)(batch));
      },
      inquire: (keys) => {
        asked.push(keys);
        return Promise.resolve(options.inquire?.(keys) ?? keys.map((key) => ({ kind: 'not-found', key })));
      },
      // An empty page is waited for as long as it is asked for.
      events: (since, waitMs) => {
        const receipts = since === '' ? (options.events ?? []) : [];
        if (receipts.length === 0) elapsedMs += waitMs;
        return Promise.resolve({ receipts, next: receipts.length === 0 ? since : 'end' });
      },
      close: () => Promise.resolve(),
      ...options.window,
    },
    now: () => new Date(startMs + elapsedMs),
    uptimeMs: () => elapsedMs,
    random: () => jitter,
    sleep: (ms) => {
      slept.push(ms);
      elapsedMs += ms;
      options.onSleep?.(trial);
      return Promise.resolve();
    },
    deadline: () => new AbortController().signal,
    requestMs: 30_000,
    newBatchId: () => {
      batches += 1;
      return known(parseBatchId(`00000000-0000-4000-8000-${String(batches).padStart(12, '0')}`));
    },
    pressure: openPressure(),
    signal: interrupt.signal,
  };
  const trial: Trial = { engine, sent, asked, slept, interrupt, store };
  return trial;
}
