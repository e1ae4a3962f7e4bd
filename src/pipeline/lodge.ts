/** Lodges one batch: written down before each attempt, tried again only where that cannot lodge anything twice. */
import type { Declaration } from '../model/declaration.ts';
import type { BatchId, DeclarationKey, Digest } from '../model/ids.ts';
import type { Answer, Batch, FailureReason, Lodgement } from '../window/single-window.ts';
import { type Engine, isoNow, requestDeadlineMs } from './engine.ts';
import { bareRow, type Live } from './tracked.ts';

const attempts = 5;
const backoffBaseMs = 500;
const backoffCapMs = 30_000;
/** A window that asks for a longer pause is left alone until the next run. */
const longestPauseMs = 60_000;

export type Lodged = { readonly notSent: ReadonlyMap<DeclarationKey, FailureReason> };

/** Sends the declarations of one batch for the first time. The ledger is the truth afterwards; what was certainly not sent is free again, with the reason. */
export async function lodge(lives: readonly [Live<Declaration>, ...Live<Declaration>[]], engine: Engine): Promise<Lodged> {
  const id = engine.newBatchId();
  const intents = lives.map(({ rows, value }) => {
    const [first, ...rest] = rows;
    return { key: value.key, digest: value.digest, body: value.body, filled: value.filled, rows: [bareRow(first), ...rest.map(bareRow)] as const };
  });
  engine.ledger.intend(engine.run, { id, pack: engine.pack, intents }, isoNow(engine));
  const [first, ...rest] = lives.map(({ value: { key, digest, body } }): Lodgement => ({ key, digest, body }));
  if (!first) return { notSent: new Map() };
  const failed = await send({ id, pack: engine.pack, lodgements: [first, ...rest] }, engine);
  const [reason] = failed.values();
  if (reason?.cause !== 'too-large' || failed.size !== lives.length || lives.length === 1) return { notSent: failed };
  // The window takes smaller batches than it said: halves, each a batch of its own.
  const middle = Math.ceil(lives.length / 2);
  const notSent = new Map<DeclarationKey, FailureReason>();
  for (const [head, ...tail] of [lives.slice(0, middle), lives.slice(middle)]) {
    if (head) for (const [key, why] of (await lodge([head, ...tail], engine)).notSent) notSent.set(key, why);
  }
  return { notSent };
}

/** Sends a batch that the ledger holds, up to five times under the same key. Returns what was certainly not sent; that is free again. */
export async function send(batch: Batch, engine: Engine): Promise<ReadonlyMap<DeclarationKey, FailureReason>> {
  const { ledger, window } = engine;
  let left = new Map<DeclarationKey, Answer>();
  for (let round = 1; round <= attempts; round += 1) {
    const attempt = ledger.beginAttempt(batch.id, isoNow(engine));
    const answers = await window.submit(batch, AbortSignal.timeout(requestDeadlineMs));
    left = takeAnswers(batch.id, attempt, answers, engine);
    const doubtful = [...left.values()].filter((answer) => answer.kind === 'cannot-know').map(({ key }) => key);
    if (doubtful.length > 0) {
      const digests = new Map(batch.lodgements.map(({ key, digest }) => [key, digest]));
      for (const key of await askAbout(doubtful, digests, engine)) left.delete(key);
    }
    if (left.size === 0 || !mayRepeat(left, engine)) break;
    const pauseMs = pauseBefore(round, left, engine);
    if (round === attempts || pauseMs > longestPauseMs || engine.signal.aborted) break;
    await engine.sleep(pauseMs);
  }
  const notSent = new Map<DeclarationKey, FailureReason>();
  const doubtfulOnce = new Set(ledger.find([...left.keys()]).values().filter(({ state }) => state === 'unknown').map(({ key }) => key));
  for (const [key, answer] of left) if (answer.kind === 'not-sent' && !doubtfulOnce.has(key)) notSent.set(key, answer.reason);
  if (notSent.size > 0) ledger.release([...notSent.keys()], isoNow(engine));
  return notSent;
}

/** Writes down what came back, and returns what is still open. */
function takeAnswers(batch: BatchId, attempt: number, answers: readonly Answer[], engine: Engine): Map<DeclarationKey, Answer> {
  const { ledger } = engine;
  const at = isoNow(engine);
  const left = new Map<DeclarationKey, Answer>();
  for (const answer of answers) if (answer.kind !== 'answered') left.set(answer.key, answer);
  const receipts = answers.flatMap((answer) => (answer.kind === 'answered' ? [answer.receipt] : []));
  const doubtful = [...left.values()].filter(({ kind }) => kind === 'cannot-know').map(({ key }) => key);
  if (receipts.length > 0) ledger.record(receipts, at);
  if (doubtful.length > 0) ledger.markUnknown(doubtful, at);
  const how = doubtful.length > 0 ? 'cannot-know' : left.size > 0 ? 'not-sent' : 'answered';
  const [failure] = left.values();
  const detail = failure && failure.kind !== 'answered' ? { detail: failure.reason.cause } : {};
  ledger.endAttempt(batch, attempt, { at, how, ...detail });
  return left;
}

/** Asks the window what it knows; returns the keys under which it has the very content that was sent, not an earlier one. */
export async function askAbout(
  keys: readonly DeclarationKey[],
  digests: ReadonlyMap<DeclarationKey, Digest>,
  engine: Engine,
): Promise<readonly DeclarationKey[]> {
  const inquiries = await engine.window.inquire(keys, AbortSignal.timeout(requestDeadlineMs));
  const found = inquiries.flatMap((inquiry) => (inquiry.kind === 'found' ? [inquiry] : []));
  const receipts = found.flatMap((inquiry) => inquiry.receipts);
  if (receipts.length > 0) engine.ledger.record(receipts, isoNow(engine));
  return found
    .filter(({ key, digest, receipts: told }) => told.length > 0 && (digest === undefined || digest === digests.get(key)))
    .map(({ key }) => key);
}

/** What may have arrived is repeated only where the window honours our key, and then with the very same bytes. */
function mayRepeat(left: ReadonlyMap<DeclarationKey, Answer>, { promises }: Engine): boolean {
  for (const answer of left.values()) {
    if (answer.kind === 'answered') continue;
    const { cause } = answer.reason;
    if (answer.kind === 'cannot-know' && promises.kind !== 'key') return false;
    if (cause === 'too-large' || cause === 'sign-in' || cause === 'refused') return false;
  }
  return true;
}

/** Full jitter; what the window asks for is a minimum, never cut short. */
function pauseBefore(round: number, left: ReadonlyMap<DeclarationKey, Answer>, { random }: Engine): number {
  const asked = [...left.values()].map((answer) => (answer.kind === 'answered' ? 0 : (answer.reason.retryAfterMs ?? 0)));
  return Math.max(...asked, random() * Math.min(backoffCapMs, backoffBaseMs * 2 ** round));
}
