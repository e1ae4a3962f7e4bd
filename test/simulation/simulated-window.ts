/** A window of any kind in virtual time, whose every failure is drawn from a seed. */
/* oxlint-disable unicorn/consistent-function-scoping */
import type { DeclarationKey, Digest } from '../../src/model/ids.ts';
import { parseEntryId } from '../../src/model/ids.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import type { LodgementState } from '../../src/model/state.ts';
import type { WindowPromises } from '../../src/pack/pack.ts';
import type {
  Answer,
  Batch,
  FailureReason,
  Inquiry,
  Lodgement,
  SingleWindow,
} from '../../src/window/single-window.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type SimulatedWorld = {
  readonly random: () => number;
  readonly clock: VirtualClock;
  readonly kind: WindowPromises['kind'];
  /** Share of requests that fail. */
  readonly faults: number;
  readonly lateMs: number;
  readonly most: number;
  readonly poison: ReadonlySet<string>;
  readonly log: (line: string) => void;
};

export type Accepted = {
  readonly key: DeclarationKey;
  readonly digest: Digest;
  readonly receipts: Receipt[];
};
export type SimulatedWindow = {
  readonly accepted: ReadonlyMap<DeclarationKey, readonly Accepted[]>;
  /** Batch ids by key, with the bytes that came under them: one key, one payload. */
  readonly payloads: ReadonlyMap<string, ReadonlySet<string>>;
  /** A client to it; `isDead` tells that its program was killed: it gets no answer any more. */
  readonly connect: (isDead: () => boolean, onRequest: (batch: Batch) => void) => SingleWindow;
};

const faultNames = [
  'unreachable',
  'throttled',
  'unavailable',
  'lost-request',
  'lost-answer',
  'late',
  'partial',
  'too-large',
] as const;

export function simulatedWindow(world: SimulatedWorld): SimulatedWindow {
  const { random, clock, kind, log } = world;
  const accepted = new Map<DeclarationKey, Accepted[]>();
  const payloads = new Map<string, Set<string>>();
  const feed: Receipt[] = [];
  const byKey = new Map<string, readonly Answer[] | 'running'>();
  let serial = 0;
  const receiptOf = (of: Lodgement, state: LodgementState, id: string): Receipt => ({
    key: of.key,
    id,
    state,
    at: '2026-01-05T00:00:00Z',
    problems: [],
    digest: of.digest,
  });

  function take(of: Lodgement): Answer {
    const { key, digest } = of;
    if (kind === 'duplicate-refusing' && accepted.has(key)) {
      return {
        kind: 'answered',
        key,
        isDuplicate: true,
        receipt: { ...receiptOf(of, 'rejected', `dup-${key}`), code: 'duplicate-reference' },
      };
    }
    serial += 1;
    log(`accepted ${key} ${serial}`);
    const receipt = receiptOf(of, 'received', `r${serial}`);
    const entryId = parseEntryId(`0900202600${String(serial).padStart(8, '0')}`);
    const verdict: Receipt = { ...receiptOf(of, 'accepted', `v${serial}`), ...(entryId ? { entryId } : {}) };
    accepted.set(key, [...(accepted.get(key) ?? []), { key, digest, receipts: [receipt, verdict] }]);
    feed.push(receipt, verdict);
    return { kind: 'answered', key, receipt };
  }

  const all = (
    { lodgements }: Batch,
    how: 'not-sent' | 'cannot-know',
    reason: FailureReason,
  ): readonly Answer[] => lodgements.map(({ key }) => ({ kind: how, key, reason }));

  async function submit(batch: Batch): Promise<readonly Answer[]> {
    const fault =
      random() < world.faults ? (faultNames[Math.floor(random() * faultNames.length)] ?? 'ok') : 'ok';
    log(`submit ${batch.id} ${batch.lodgements.length} ${fault}`);
    await clock.sleep(5 + random() * 400);
    if (fault === 'unreachable') return all(batch, 'not-sent', { cause: 'unreachable' });
    payloads.set(batch.id, (payloads.get(batch.id) ?? new Set()).add(JSON.stringify(batch.lodgements)));
    if (fault === 'throttled')
      return all(batch, 'not-sent', {
        cause: 'throttled',
        status: 429,
        retryAfterMs: Math.floor(random() * 3_000),
      });
    if (fault === 'unavailable')
      return all(batch, 'not-sent', { cause: 'unavailable', status: 503, retryAfterMs: 1_000 });
    if (batch.lodgements.length > world.most || (fault === 'too-large' && batch.lodgements.length > 1))
      return all(batch, 'not-sent', { cause: 'too-large', status: 413 });
    if (fault === 'lost-request') {
      await clock.sleep(1_000);
      return all(batch, 'cannot-know', { cause: 'timeout' });
    }
    const known = kind === 'key' ? byKey.get(batch.id) : undefined;
    if (known === 'running')
      return all(batch, 'cannot-know', { cause: 'unavailable', status: 409, retryAfterMs: 1_000 });
    if (known) return fault === 'lost-answer' ? all(batch, 'cannot-know', { cause: 'timeout' }) : known;
    if (batch.lodgements.some(({ key }) => world.poison.has(key)))
      return all(batch, 'not-sent', { cause: 'refused', status: 400 });
    if (fault === 'late') {
      if (kind === 'key') byKey.set(batch.id, 'running');
      void clock.sleep(random() * world.lateMs).then(() => byKey.set(batch.id, batch.lodgements.map(take)));
      return all(batch, 'cannot-know', { cause: 'timeout' });
    }
    const answers = batch.lodgements.map((each, index) =>
      fault === 'partial' && index % 2 === 1
        ? ({ kind: 'not-sent', key: each.key, reason: { cause: 'unavailable', status: 503 } } as const)
        : take(each),
    );
    if (kind === 'key') byKey.set(batch.id, answers);
    if (fault !== 'lost-answer') return answers;
    return all(batch, 'cannot-know', { cause: 'broken-answer' });
  }

  async function inquire(keys: readonly DeclarationKey[]): Promise<readonly Inquiry[]> {
    await clock.sleep(5 + random() * 50);
    const isSilent = random() < world.faults;
    return keys.map((key): Inquiry => {
      if (kind === 'none' || isSilent) return { kind: 'no-answer', key, reason: { cause: 'unavailable' } };
      const versions = accepted.get(key);
      const last = versions?.at(-1);
      return versions && last
        ? { kind: 'found', key, receipts: versions.flatMap(({ receipts }) => receipts), digest: last.digest }
        : { kind: 'not-found', key };
    });
  }

  return {
    accepted,
    payloads,
    connect(isDead, onRequest) {
      /** A dead program gets no answer; what it sent goes its way. */
      const living = async <T>(work: Promise<T>): Promise<T> => {
        const value = await work;
        return isDead() ? new Promise<T>(() => undefined) : value;
      };
      return {
        name: 'simulated',
        address: 'simulated:',
        limits: () => Promise.resolve({ declarations: 6, bytes: 1 << 20 }),
        submit: (batch) => {
          onRequest(batch);
          return living(submit(batch));
        },
        inquire: (keys) => living(inquire(keys)),
        events: async (since) => {
          await living(clock.sleep(20));
          const from = Number(since);
          if (random() < world.faults / 3) throw new Error('no answer');
          return { receipts: kind === 'none' ? [] : feed.slice(from), next: String(feed.length) };
        },
        close: () => Promise.resolve(),
      };
    },
  };
}
