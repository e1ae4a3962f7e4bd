/** Gathers live declarations into batches, lodges them, waits for verdicts, and decides each one by what the ledger then knows. */
import type { Declaration } from '../model/declaration.ts';
import type { DeclarationKey } from '../model/ids.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Intent } from '../ledger/ledger.ts';
import type { FailureReason } from '../window/single-window.ts';
import { awaitVerdicts } from './await-verdicts.ts';
import { decisionOf } from './dedupe.ts';
import type { Engine } from './engine.ts';
import { inFlight } from './in-flight.ts';
import { lodge } from './lodge.ts';
import { reconcile } from './reconcile.ts';
import { rejectionProblems } from './rejection.ts';
import { bareRow, type Decided, type Live, type Tracked } from './tracked.ts';

const findChunk = 500;

export type SubmitOptions = {
  readonly waitMs: number;
  /** Gets what is decided without being sent, as it comes. */
  readonly pass: (decided: readonly Decided[]) => Promise<void>;
  readonly tell: (counts: {
    readonly lodged?: number;
    readonly decided?: number;
    readonly phase: 'lodging' | 'waiting';
  }) => void;
};

type Sent = Live<Declaration> & { readonly failure?: FailureReason };

/** The decisions on everything that was, or should have been, sent; what is decided already went to `pass`. */
export async function submit(
  flow: AsyncIterable<readonly Tracked<Declaration>[]>,
  engine: Engine,
  options: SubmitOptions,
): Promise<readonly Decided[]> {
  const sent = new Map<DeclarationKey, Sent>();
  const waiting: Decided[] = [];
  let lodged = 0;
  let unknown = 0;
  const batches = gather(flow, engine, async (decided) => {
    waiting.push(...decided.filter(({ decision }) => decision.outcome === 'pending'));
    await options.pass(decided.filter(({ decision }) => decision.outcome !== 'pending'));
  });
  const [guarded, giveUp] = untilStorageFails(engine);
  await inFlight(batches, engine.pressure.atOnce, async (batch) => {
    const [first, ...rest] = batch;
    const outcome = await lodge([intentOf(first), ...rest.map(intentOf)], guarded).catch(giveUp);
    unknown += outcome.unknown;
    for (const live of batch) {
      const failure = outcome.notSent.get(live.value.key);
      sent.set(live.value.key, {
        ...live,
        value: { ...live.value, body: '' },
        ...(failure ? { failure } : {}),
      });
      if (!failure) lodged += 1;
    }
    options.tell({ phase: 'lodging', lodged });
  });
  // What such a window does not show after its settle time never arrived, and can go out now.
  if (unknown > 0 && engine.promises.kind === 'lookup') await reconcile(engine, { lodgesAgain: true });
  const open = [...sent.values()].filter(({ failure }) => !failure).map(({ value }) => value.key);
  const earlier = waiting.flatMap(({ decision }) => decision.key ?? []);
  await awaitVerdicts(new Set([...open, ...earlier]), options.waitMs, engine, (decided) =>
    options.tell({ phase: 'waiting', lodged, decided }),
  );
  return [...fromLedger([...sent.values()], engine), ...refreshed(waiting, engine)];
}

/** Where the ledger cannot be written any more, the requests beside are broken off: their answers could not be kept, and what has not gone out must not. */
function untilStorageFails(engine: Engine): readonly [Engine, (failure: unknown) => never] {
  const over = new AbortController();
  const deadline = (ms: number): AbortSignal => AbortSignal.any([engine.deadline(ms), over.signal]);
  const giveUp = (failure: unknown): never => {
    if (failure instanceof Stop && failure.exit === exitCode.storage) over.abort();
    throw failure;
  };
  return [{ ...engine, deadline }, giveUp];
}

async function* gather(
  flow: AsyncIterable<readonly Tracked<Declaration>[]>,
  { window, promises, pressure, deadline }: Engine,
  pass: (decided: readonly Decided[]) => Promise<void>,
): AsyncGenerator<readonly [Live<Declaration>, ...Live<Declaration>[]]> {
  const limits = await window.limits(deadline(10_000));
  const most = Math.min(limits.declarations, promises.maxDeclarationsPerBatch);
  const mostBytes = Math.min(limits.bytes, promises.maxBytesPerBatch);
  let batch: Live<Declaration>[] = [];
  let bytes = 0;
  for await (const chunk of flow) {
    const decided = chunk.filter((each) => each.kind === 'decided');
    if (decided.length > 0) await pass(decided);
    for (const live of chunk) {
      if (live.kind !== 'live') continue;
      // The envelope of each line: reference, version and punctuation, at most as long as the key and 100 bytes.
      const size = Buffer.byteLength(live.value.body) + Buffer.byteLength(live.value.key) * 3 + 100;
      const [first, ...rest] = batch;
      if (first && (batch.length >= Math.min(most, pressure.mostPerBatch()) || bytes + size > mostBytes)) {
        yield [first, ...rest];
        batch = [];
        bytes = 0;
      }
      batch.push(live);
      bytes += size;
    }
  }
  const [first, ...rest] = batch;
  if (first) yield [first, ...rest];
}

function intentOf({ rows, value }: Live<Declaration>): Intent {
  const [first, ...rest] = rows;
  const shipment = value.shipment === undefined ? {} : { shipment: value.shipment };
  return {
    key: value.key,
    digest: value.digest,
    body: value.body,
    filled: value.filled,
    rows: [bareRow(first), ...rest.map(bareRow)],
    ...shipment,
  };
}

function fromLedger(sent: readonly Sent[], engine: Engine): readonly Decided[] {
  const { ledger } = engine;
  const decided: Decided[] = [];
  for (let at = 0; at < sent.length; at += findChunk) {
    const some = sent.slice(at, at + findChunk);
    const entries = ledger.find(some.map(({ value }) => value.key));
    for (const live of some) {
      const entry = entries.get(live.value.key);
      const { rows, value, problems, failure } = live;
      if (!entry || failure || entry.state === 'prepared') {
        const said = notSentProblem(live, failure ?? { cause: 'unavailable' });
        const outcome = said.code === 'lodge/refused' ? 'rejected' : 'not-sent';
        decided.push({
          kind: 'decided',
          rows,
          decision: {
            rows,
            key: value.key,
            outcome,
            receipts: [],
            problems: [...problems, said],
            filled: value.filled,
          },
        });
        continue;
      }
      const decision = decisionOf(entry, { rows, filled: value.filled, problems });
      const said =
        decision.outcome === 'unknown'
          ? [unknownProblem(live, entry.changedAt, engine)]
          : rejectionProblems(rows, value, entry);
      decided.push({ kind: 'decided', rows, decision: { ...decision, problems: [...problems, ...said] } });
    }
  }
  return decided;
}

/** What an earlier run lodged and was pending: as it stands now. */
function refreshed(waiting: readonly Decided[], { ledger }: Engine): readonly Decided[] {
  return waiting.map((each) => {
    const { key } = each.decision;
    const entry = key === undefined ? undefined : ledger.find([key]).get(key);
    if (!entry) return each;
    return { ...each, decision: { ...decisionOf(entry, each.decision), isEarlier: true } };
  });
}

const notSentCodes: Readonly<Record<FailureReason['cause'], ProblemCode>> = {
  unreachable: 'lodge/unreachable',
  throttled: 'lodge/throttled',
  unavailable: 'lodge/unavailable',
  timeout: 'lodge/unreachable',
  'broken-answer': 'lodge/unavailable',
  'sign-in': 'lodge/sign-in',
  'too-large': 'lodge/too-large',
  refused: 'lodge/not-begun',
};

/** Without a status nobody refused it: the run was interrupted. 501: the window takes no declarations at all. */
function notSentProblem({ rows, value }: Sent, { cause, status }: FailureReason): Problem {
  const isRefused = cause === 'refused' && status !== undefined && status !== 501;
  const code = isRefused ? 'lodge/refused' : status === 501 ? 'lodge/unavailable' : notSentCodes[cause];
  return {
    code,
    severity: 'error',
    row: bareRow(rows[0]),
    facts: { key: value.key, ...(status === undefined ? {} : { status }) },
  };
}

function unknownProblem({ rows, value }: Sent, since: string, { promises }: Engine): Problem {
  return {
    code: promises.kind === 'none' ? 'lodge/needs-person' : 'lodge/unknown',
    severity: 'error',
    row: bareRow(rows[0]),
    facts: { key: value.key, since },
  };
}
