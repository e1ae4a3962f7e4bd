/** A window of any kind in virtual time, whose every failure is drawn from a seed. */
import type { BatchId, DeclarationKey, Digest } from '../../src/model/ids.ts';
import { parseEntryId } from '../../src/model/ids.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import type { LodgementState } from '../../src/model/state.ts';
import { exitCode, Stop } from '../../src/model/stop.ts';
import type {
  Answer,
  Batch,
  FailureReason,
  Inquiry,
  Lodgement,
  SingleWindow,
} from '../../src/window/single-window.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { declarationOf, pick, type World } from './world.ts';

export type Taken = {
  readonly key: DeclarationKey;
  readonly digest: Digest;
  readonly atMs: number;
  readonly isRejected: boolean;
  readonly receipts: readonly Receipt[];
};

export type SimulatedWindow = {
  /** Everything of ours that it ever took in, in order. */
  readonly taken: readonly Taken[];
  /** The bytes that came under each batch's key. */
  readonly payloads: ReadonlyMap<BatchId, ReadonlySet<string>>;
  /** A client to it; `isDead` tells that its program was killed: it gets no answer any more. */
  readonly connect: (isDead: () => boolean) => SingleWindow;
};

const faultNames = [
  'unreachable',
  'throttled',
  'long-pause',
  'unavailable',
  'lost-request',
  'lost-answer',
  'slow',
  'late',
  'partial',
  'mixed',
  'mixed',
  'too-large',
  'refused',
  'not-implemented',
  'sign-in',
] as const;
/** These end the run at once: not too many of them. */
const rare = new Set<string>(['long-pause', 'not-implemented', 'sign-in']);

export function simulatedWindow(
  world: World,
  clock: VirtualClock,
  log: (line: string) => void,
): SimulatedWindow {
  const { random, kind, promises } = world;
  const taken: Taken[] = [];
  const payloads = new Map<BatchId, Set<string>>();
  const feed: Receipt[] = [];
  const byKey = new Map<
    BatchId,
    { readonly atMs: number; readonly answers: readonly Answer[] | 'running' }
  >();
  let serial = 0;
  let most = random() < 0.3 ? 3 : 6;
  const isKnown = (atMs: number, forMs: number): boolean =>
    !world.forgets || clock.elapsedMs() - atMs < forMs;
  const knownOf = (key: DeclarationKey): readonly Taken[] =>
    taken.filter((each) => each.key === key && isKnown(each.atMs, promises.duplicateWindowMs));
  const receiptOf = ({ key, digest }: Lodgement, state: LodgementState, id: string): Receipt => ({
    key,
    id,
    state,
    at: '2026-01-05T00:00:00Z',
    problems: [],
    digest,
  });

  function take(of: Lodgement): Answer {
    const { key, digest } = of;
    const isHeld = knownOf(key).some((each) => !each.isRejected || each.digest === digest);
    if (kind === 'duplicate-refusing' && (isHeld || world.foreign.has(key))) {
      const receipt = { ...receiptOf(of, 'rejected', `dup-${key}-${serial}`), code: 'duplicate-reference' };
      return { kind: 'answered', key, isDuplicate: true, receipt };
    }
    serial += 1;
    const isRejected = world.doomed.has(key) && digest === declarationOf(key, 1).digest;
    log(`takes ${key} ${serial}${isRejected ? ' and rejects it' : ''}`);
    const receipt = receiptOf(of, 'received', `r${serial}`);
    const entryId = isRejected ? undefined : parseEntryId(`0900202600${String(serial).padStart(8, '0')}`);
    const verdict = receiptOf(of, isRejected ? 'rejected' : 'accepted', `v${serial}`);
    const receipts = [receipt, { ...verdict, ...(entryId ? { entryId } : {}) }];
    taken.push({ key, digest, atMs: clock.elapsedMs(), isRejected, receipts });
    // Out of order, twice, and about what we never sent.
    const told = [...receipts, ...(random() < 0.2 ? receipts : [])];
    if (random() < 0.2) told.reverse();
    if (random() < 0.1) told.push({ ...receipt, id: `s${serial}`, digest: declarationOf(key, 9).digest });
    feed.push(...told);
    return { kind: 'answered', key, receipt };
  }

  const all = (
    { lodgements }: Batch,
    how: 'not-sent' | 'cannot-know',
    reason: FailureReason,
  ): readonly Answer[] => lodgements.map(({ key }) => ({ kind: how, key, reason }));

  function drawFault(): string {
    if (random() >= world.faults) return 'ok';
    const fault = pick(random, faultNames) ?? 'ok';
    return rare.has(fault) && random() < 0.7 ? 'ok' : fault;
  }

  /** What is refused before anything is looked at. */
  async function turnedAway(batch: Batch, fault: string): Promise<readonly Answer[] | undefined> {
    switch (fault) {
      case 'throttled':
        return all(batch, 'not-sent', {
          cause: 'throttled',
          status: 429,
          retryAfterMs: Math.floor(random() * 3_000),
        });
      case 'long-pause':
        return all(batch, 'not-sent', { cause: 'throttled', status: 429, retryAfterMs: 315_360_000_000 });
      case 'unavailable':
        return all(batch, 'not-sent', { cause: 'unavailable', status: 503, retryAfterMs: 1_000 });
      case 'refused':
        return all(batch, 'not-sent', { cause: 'refused', status: 400 });
      case 'not-implemented':
        return all(batch, 'not-sent', { cause: 'refused', status: 501 });
      case 'sign-in':
        throw new Stop('window/sign-in-refused', exitCode.signIn, { facts: { status: 401 } });
      case 'lost-request':
        await clock.sleep(1_000);
        return all(batch, 'cannot-know', { cause: 'timeout' });
      default:
        return undefined;
    }
  }

  async function submit(batch: Batch): Promise<readonly Answer[]> {
    const { id, lodgements } = batch;
    const fault = drawFault();
    log(`submit ${id} ${lodgements.length} ${fault}`);
    await clock.sleep(5 + random() * 400);
    if (fault === 'unreachable') return all(batch, 'not-sent', { cause: 'unreachable' });
    payloads.set(id, (payloads.get(id) ?? new Set()).add(JSON.stringify(lodgements)));
    const away = await turnedAway(batch, fault);
    if (away) return away;
    if (random() < 0.01) most = 1 + Math.floor(random() * 6);
    if (lodgements.length > most || (fault === 'too-large' && lodgements.length > 1))
      return all(batch, 'not-sent', { cause: 'too-large', status: 413 });
    const held = byKey.get(id);
    const known = held && isKnown(held.atMs, promises.keyLifeMs) ? held.answers : undefined;
    if (known === 'running')
      return all(batch, 'cannot-know', { cause: 'unavailable', status: 409, retryAfterMs: 1_000 });
    if (known) {
      const again = known.map((answer, index) => {
        const lodgement = lodgements[index];
        return answer.kind === 'not-sent' && world.resumes && lodgement ? take(lodgement) : answer;
      });
      byKey.set(id, { atMs: held?.atMs ?? clock.elapsedMs(), answers: again });
      return fault === 'lost-answer' ? all(batch, 'cannot-know', { cause: 'timeout' }) : again;
    }
    if (lodgements.some(({ key }) => world.poison.has(key)))
      return all(batch, 'not-sent', { cause: 'refused', status: 400 });
    const remember = (answers: readonly Answer[] | 'running'): void => {
      if (kind === 'key') byKey.set(id, { atMs: clock.elapsedMs(), answers });
    };
    if (fault === 'late') {
      remember('running');
      void clock.sleep(random() * world.lateMs).then(() => remember(lodgements.map(take)));
      return all(batch, 'cannot-know', { cause: 'timeout' });
    }
    const answers = lodgements.map((each): Answer => {
      const { key } = each;
      if ((fault === 'partial' || fault === 'mixed') && random() < 0.4)
        return { kind: 'not-sent', key, reason: { cause: 'unavailable', status: 503 } };
      const answer = take(each);
      return fault === 'mixed' && random() < 0.5
        ? { kind: 'cannot-know', key, reason: { cause: 'broken-answer' } }
        : answer;
    });
    remember(answers);
    if (fault === 'slow') await clock.sleep(1_000);
    return fault === 'lost-answer' || fault === 'slow'
      ? all(batch, 'cannot-know', { cause: fault === 'slow' ? 'timeout' : 'broken-answer' })
      : answers;
  }

  async function inquire(keys: readonly DeclarationKey[]): Promise<readonly Inquiry[]> {
    await clock.sleep(5 + random() * 50);
    const isSilent = random() < world.faults / 2;
    return keys.map((key): Inquiry => {
      if (kind === 'none' || isSilent || random() < world.faults / 20)
        return { kind: 'no-answer', key, reason: { cause: 'unavailable' } };
      const versions = knownOf(key);
      const digest = world.foreign.has(key) ? declarationOf(key, 9).digest : versions.at(-1)?.digest;
      if (digest === undefined) return { kind: 'not-found', key };
      const foreign = receiptOf({ key, digest, body: '' }, 'accepted', `f-${key}`);
      const receipts = world.foreign.has(key) ? [foreign] : versions.flatMap((each) => each.receipts);
      return { kind: 'found', key, receipts, digest };
    });
  }

  return {
    taken,
    payloads,
    connect(isDead) {
      let hasAnswered = false;
      /** A dead program gets no answer; what it sent goes its way. */
      const living = async <T>(work: Promise<T>): Promise<T> => {
        const value = await work.catch(async (failure: unknown) => {
          if (isDead()) await new Promise<never>(() => undefined);
          throw failure;
        });
        hasAnswered = true;
        return isDead() ? new Promise<T>(() => undefined) : value;
      };
      return {
        name: 'simulated',
        address: 'simulated:',
        limits: () => living(Promise.resolve({ declarations: 6, bytes: 1 << 20 })),
        submit: (batch) => living(submit(batch)),
        inquire: (keys) => living(inquire(keys)),
        events: async (since) => {
          await living(clock.sleep(20));
          const from = Number(since);
          if (random() < world.faults / 3) throw new Error('no answer');
          const page = feed.slice(from, from + 1 + Math.floor(random() * 40));
          return kind === 'none'
            ? { receipts: [], next: since }
            : { receipts: page, next: String(from + page.length) };
        },
        serverNow: () =>
          world.serverSkewMs === undefined || !hasAnswered
            ? undefined
            : new Date(Date.UTC(2026, 0, 5) + clock.elapsedMs() + world.serverSkewMs),
        signInAgain: () => living(Promise.resolve(random() < 0.5)),
        close: () => Promise.resolve(),
      };
    },
  };
}
