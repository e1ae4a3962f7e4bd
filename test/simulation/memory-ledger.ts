/** A ledger in memory for simulations: the same contract, no disk. Each method either happens as a whole or not at all. */
/* oxlint-disable unicorn/consistent-function-scoping */
import { clientSeqNoOf, digestOf } from '../../src/model/ids.ts';
import type { BatchId, DeclarationKey, Digest, RunId } from '../../src/model/ids.ts';
import type {
  AttemptEnd,
  Intent,
  Ledger,
  LedgerEntry,
  OpenBatch,
  RunEntry,
} from '../../src/ledger/ledger.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import { isAccepted, type LodgementState, stateAfter } from '../../src/model/state.ts';

type Version = Intent & { readonly batch: BatchId };
type Kept = {
  key: DeclarationKey;
  state: LodgementState;
  run: RunId;
  versions: Version[];
  receipts: { version: number; receipt: Receipt }[];
  intendedAt: string;
  changedAt: string;
};
type AttemptsEnd = { readonly at: string; readonly how: AttemptEnd; readonly detail?: string };
type Attempt = { at: string; serverAt: string | undefined; end?: AttemptsEnd };
type KeptBatch = {
  id: BatchId;
  pack: string;
  keys: readonly DeclarationKey[];
  intents: readonly Intent[];
  intendedAt: string;
  attempts: Attempt[];
};

/** What survives a crash of the program: everything that a method returned from. */
export type MemoryStore = {
  readonly runs: RunEntry[];
  readonly kept: Map<DeclarationKey, Kept>;
  readonly batches: Map<BatchId, KeptBatch>;
  readonly cursors: Map<string, string>;
  readonly results: Map<RunId, string[]>;
};

export function memoryStore(): MemoryStore {
  return { runs: [], kept: new Map(), batches: new Map(), cursors: new Map(), results: new Map() };
}

function countsFor(current: number, version: number, state: LodgementState | undefined): boolean {
  return version === current || (state !== undefined && (isAccepted(state) || state === 'cancelled'));
}

/** `before` is called at the start of each writing method: where it throws, nothing was written. */
export function memoryLedger(store: MemoryStore, before: (method: string) => void = () => undefined): Ledger {
  const { runs, kept, batches, cursors, results } = store;
  const known = (key: DeclarationKey): Kept => {
    const found = kept.get(key);
    if (!found) throw new Error('the ledger does not hold this declaration');
    return found;
  };
  const batchOf = (id: BatchId): KeptBatch => {
    const found = batches.get(id);
    if (!found) throw new Error(`no batch ${id} was intended in this ledger`);
    return found;
  };
  const move = (of: Kept, state: LodgementState, at: string): void => {
    if (of.state === state) return;
    of.state = state;
    of.changedAt = at;
  };
  const entryOf = (of: Kept): LedgerEntry => {
    const last = of.versions[of.versions.length - 1];
    if (!last) throw new Error('a declaration without a version');
    const counted = of.receipts
      .filter(({ version, receipt }) => countsFor(of.versions.length, version, receipt.state))
      .map(({ receipt }) => receipt);
    const entryId = counted.flatMap((receipt) => receipt.entryId ?? []).toSorted()[0];
    const { key, state, run, intendedAt, changedAt } = of;
    return {
      key,
      clientSeqNo: clientSeqNoOf(key),
      digest: last.digest,
      state,
      run,
      rows: last.rows,
      batch: last.batch,
      ...(entryId === undefined ? {} : { entryId }),
      receipts: counted,
      intendedAt,
      changedAt,
    };
  };
  const versionOf = (of: Kept, digest: Digest | undefined): number =>
    digest === undefined
      ? of.versions.length
      : of.versions.findLastIndex((version) => version.digest === digest) + 1;
  const latest = (): string | undefined =>
    [
      ...[...batches.values()].flatMap(({ attempts }) =>
        attempts.flatMap(({ at, end }) => [at, end?.at ?? at]),
      ),
      ...runs.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt ?? startedAt]),
    ]
      .toSorted()
      .at(-1);
  return {
    file: ':memory:',
    beginRun(start) {
      before('beginRun');
      runs.unshift(start);
    },
    endRun(run, end) {
      before('endRun');
      const at = runs.findIndex((each) => each.run === run);
      const found = runs[at];
      if (found) runs[at] = { ...found, ...end };
    },
    runs: (limit) => runs.slice(0, limit),
    keepResults(run, text) {
      before('keepResults');
      results.set(run, [...(results.get(run) ?? []), text]);
    },
    resultsOf: (run) => results.get(run) ?? [],
    ofShipments: (shipments) => {
      const of = (shipment: string): readonly DeclarationKey[] =>
        [...kept.values()]
          .filter(({ versions }) => versions.some((version) => version.shipment === shipment))
          .map(({ key }) => key);
      return new Map(
        shipments.flatMap((shipment) =>
          of(shipment).length === 0 ? [] : [[shipment, of(shipment)] as const],
        ),
      );
    },
    holdersOf: (numbers) =>
      new Map(
        [...kept.keys()].flatMap((key) =>
          numbers.includes(clientSeqNoOf(key)) ? [[clientSeqNoOf(key), key] as const] : [],
        ),
      ),
    bodyOf: (key) => kept.get(key)?.versions.at(-1)?.body,
    find: (keys) =>
      new Map(
        keys.flatMap((key) => {
          const found = kept.get(key);
          return found ? [[key, entryOf(found)] as const] : [];
        }),
      ),
    intend(run, { id, pack, intents }, at) {
      before('intend');
      if (intents.length === 0) throw new Error('a batch holds at least one declaration');
      if (!runs.some((each) => each.run === run)) throw new Error('no such run');
      if (batches.has(id)) throw new Error('a batch of that id exists');
      const seen = new Set<DeclarationKey>();
      for (const { key, digest, body } of intents) {
        if (digestOf(body) !== digest) throw new Error('the digest is not that of the body');
        const state = seen.has(key) ? 'sending' : kept.get(key)?.state;
        if (state !== undefined && state !== 'rejected' && state !== 'prepared')
          throw new Error(`a declaration in state ${state} is not free`);
        seen.add(key);
      }
      batches.set(id, { id, pack, keys: [...seen], intents, intendedAt: at, attempts: [] });
      for (const intent of intents) {
        const { key } = intent;
        const earlier = kept.get(key);
        const versions = [...(earlier?.versions ?? []), { ...intent, batch: id }];
        kept.set(key, {
          key,
          state: 'sending',
          run,
          versions,
          receipts: earlier?.receipts ?? [],
          intendedAt: earlier?.intendedAt ?? at,
          changedAt: at,
        });
      }
    },
    beginAttempt(id, at, serverAt) {
      before('beginAttempt');
      return batchOf(id).attempts.push({ at, serverAt });
    },
    endAttempt(id, number, end) {
      before('endAttempt');
      const attempt = batchOf(id).attempts[number - 1];
      if (!attempt) throw new Error(`attempt ${number} was never begun`);
      attempt.end = end;
    },
    record(receipts, at) {
      before('record');
      for (const receipt of receipts) {
        const of = kept.get(receipt.key);
        const version = of ? versionOf(of, receipt.digest) : 0;
        if (!of || version === 0 || of.receipts.some((each) => each.receipt.id === receipt.id)) continue;
        of.receipts.push({ version, receipt });
        if (countsFor(of.versions.length, version, receipt.state))
          move(of, stateAfter([{ state: of.state }, receipt]), at);
      }
    },
    markUnknown(keys, at) {
      before('markUnknown');
      for (const of of keys.map(known)) if (of.state === 'sending') move(of, 'unknown', at);
    },
    release(keys, at) {
      before('release');
      for (const of of keys.map(known)) {
        if (of.state !== 'sending' && of.state !== 'unknown' && of.state !== 'prepared')
          throw new Error(`a declaration in state ${of.state} cannot be released`);
      }
      for (const of of keys.map(known)) move(of, 'prepared', at);
    },
    openBatches() {
      const latestAt = latest();
      return [...batches.values()]
        .filter(({ id, keys }) =>
          keys.some((key) => {
            const of = known(key);
            return of.versions.at(-1)?.batch === id && (of.state === 'sending' || of.state === 'unknown');
          }),
        )
        .map(({ id, pack, intents, intendedAt, attempts }): OpenBatch => {
          const [first] = attempts;
          const last = attempts.at(-1);
          return {
            id,
            pack,
            intents: [...intents],
            firstSentAt: first?.at ?? intendedAt,
            isDoubted: attempts.some(({ end }) => end?.how !== 'not-sent'),
            ...(latestAt === undefined ? {} : { latestAt }),
            ...(first?.serverAt === undefined ? {} : { serverSentAt: first.serverAt }),
            ...(last === undefined ? {} : { lastSentAt: last.at }),
            ...(last?.serverAt === undefined ? {} : { serverLastAt: last.serverAt }),
          };
        });
    },
    inStates: (states, limit) =>
      [...kept.values()]
        .filter(({ state }) => states.includes(state))
        .slice(0, limit)
        .map(entryOf),
    eachInStates: (states) => [...kept.values()].filter(({ state }) => states.includes(state)).map(entryOf),
    counts() {
      const counts = new Map<LodgementState, number>();
      for (const { state } of kept.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
      return counts;
    },
    entriesOfRun: (run) => [...kept.values()].filter((of) => of.run === run).map(entryOf),
    cursor: (window) => cursors.get(window) ?? '',
    setCursor(window, cursor) {
      before('setCursor');
      cursors.set(window, cursor);
    },
    close: () => undefined,
  };
}
