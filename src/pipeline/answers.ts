/** Takes in what a window says: each word is written down, and what stays open is handed back. */
import type { BatchId, DeclarationKey, Digest } from '../model/ids.ts';
import type { Receipt } from '../model/receipt.ts';
import type { LodgementState } from '../model/state.ts';
import type { Answer, Batch, Inquiry } from '../window/single-window.ts';
import { type Engine, isoNow } from './engine.ts';
import { afterDuplicate } from './resend-rules.ts';

export type OpenAnswer = Exclude<Answer, { kind: 'answered' }>;
export type Left = ReadonlyMap<DeclarationKey, OpenAnswer>;

export type Asked = {
  /** Under which the window has the very content that was sent, not an earlier one. */
  readonly ours: ReadonlySet<DeclarationKey>;
  readonly words: ReadonlyMap<DeclarationKey, Inquiry>;
};

const askedAtOnce = 50;

/** Asks the window what it knows, and writes down every receipt that it shows. */
export async function askAbout(
  keys: readonly DeclarationKey[],
  digests: ReadonlyMap<DeclarationKey, Digest>,
  engine: Engine,
): Promise<Asked> {
  if (keys.length === 0) return { ours: new Set(), words: new Map() };
  const inquiries: Inquiry[] = [];
  // Few at a time: at a window's pace of three a second each part stays within one deadline.
  for (let at = 0; at < keys.length; at += askedAtOnce) {
    const some = keys.slice(at, at + askedAtOnce);
    inquiries.push(...(await engine.window.inquire(some, engine.deadline(engine.requestMs))));
  }
  const receipts = inquiries.flatMap((inquiry) => (inquiry.kind === 'found' ? inquiry.receipts : []));
  if (receipts.length > 0) engine.ledger.record(receipts, isoNow(engine));
  const ours = inquiries.filter(
    (inquiry) =>
      inquiry.kind === 'found' &&
      inquiry.receipts.length > 0 &&
      (inquiry.digest === undefined || inquiry.digest === digests.get(inquiry.key)),
  );
  return {
    ours: new Set(ours.map(({ key }) => key)),
    words: new Map(inquiries.map((inquiry) => [inquiry.key, inquiry])),
  };
}

export type Attempt = {
  readonly batch: Batch;
  readonly number: number;
  /** When the batch was intended; a declaration first intended before was sent before. */
  readonly intendedAt: string;
  /** Of these an earlier attempt may have arrived. Gets those that this one leaves in doubt. */
  readonly doubted: Set<DeclarationKey>;
};

/** Writes down what came back and returns what is still open. */
export async function takeAnswers(
  answers: readonly Answer[],
  attempt: Attempt,
  engine: Engine,
): Promise<Left> {
  const { ledger } = engine;
  const left = new Map<DeclarationKey, OpenAnswer>();
  const receipts: Receipt[] = [];
  const duplicates: Receipt[] = [];
  for (const answer of answers) {
    if (answer.kind !== 'answered') left.set(answer.key, answer);
    else if (answer.isDuplicate === true) duplicates.push(answer.receipt);
    else receipts.push(answer.receipt);
  }
  // What the window took is durable before anything else is asked.
  if (receipts.length > 0) ledger.record(receipts, isoNow(engine));
  for (const each of await takeDuplicates(duplicates, attempt, engine)) left.set(each.key, each);
  // A batch that went again holds declarations about which the window has spoken: refusing the whole takes nothing back.
  const entries = ledger.find([...left.keys()]);
  for (const key of left.keys()) if (!isOpen(entries.get(key)?.state)) left.delete(key);
  const doubtful = [...left.values()].filter(({ kind }) => kind === 'cannot-know').map(({ key }) => key);
  for (const key of doubtful) attempt.doubted.add(key);
  if (doubtful.length > 0) ledger.markUnknown(doubtful, isoNow(engine));
  endAttempt(attempt, left, engine);
  return left;
}

function isOpen(state: LodgementState | undefined): boolean {
  return state === 'sending' || state === 'unknown';
}

function endAttempt(
  { batch, number }: { readonly batch: { readonly id: BatchId }; readonly number: number },
  left: Left,
  engine: Engine,
): void {
  const open = [...left.values()];
  const how = open.some(({ kind }) => kind === 'cannot-know')
    ? 'cannot-know'
    : open.length > 0
      ? 'not-sent'
      : 'answered';
  const detail = open[0] === undefined ? {} : { detail: open[0].reason.cause };
  engine.ledger.endAttempt(batch.id, number, { at: isoNow(engine), how, ...detail });
}

/** "Duplicate" about what is settled already says nothing new; about what is in doubt the window is asked; about the rest it is a refusal. */
async function takeDuplicates(
  duplicates: readonly Receipt[],
  { batch, intendedAt, doubted }: Attempt,
  engine: Engine,
): Promise<readonly OpenAnswer[]> {
  if (duplicates.length === 0) return [];
  const { ledger } = engine;
  const entries = ledger.find(duplicates.map(({ key }) => key));
  const open = duplicates.filter(({ key }) => isOpen(entries.get(key)?.state));
  const isDoubted = ({ key }: Receipt): boolean => {
    const entry = entries.get(key);
    return (
      doubted.has(key) || entry?.state === 'unknown' || (entry !== undefined && entry.intendedAt < intendedAt)
    );
  };
  const digests = new Map(batch.lodgements.map(({ key, digest }) => [key, digest]));
  const asked = await askAbout(
    open.filter(isDoubted).map(({ key }) => key),
    digests,
    engine,
  );
  const refused: Receipt[] = [];
  const unknown: OpenAnswer[] = [];
  for (const receipt of open) {
    const { key } = receipt;
    const word = asked.words.get(key)?.kind ?? 'no-answer';
    const held = asked.ours.has(key) ? 'ours' : word === 'found' ? 'another' : word;
    const what = afterDuplicate({ isDoubted: isDoubted(receipt), held });
    if (what === 'refused') refused.push(receipt);
    if (what === 'unknown') unknown.push({ kind: 'cannot-know', key, reason: { cause: 'broken-answer' } });
  }
  if (refused.length > 0) ledger.record(refused, isoNow(engine));
  return unknown;
}
