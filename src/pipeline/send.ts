/** Sends one batch that the ledger holds, again and again under the same key, as far as that cannot lodge anything twice. */
import type { DeclarationKey } from '../model/ids.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Answer, Batch, FailureReason } from '../window/single-window.ts';
import { askAbout, type Left, takeAnswers } from './answers.ts';
import { type Engine, isoNow } from './engine.ts';
import { pauseMsBefore } from './pressure.ts';
import { protectedMs } from './resend-rules.ts';

const attempts = 5;
/** For all attempts of a batch together; what the window asks us to wait comes on top. */
const totalMs = 120_000;
/** A window that asks for a longer pause is left alone until the next run. */
const longestPauseMs = 15 * 60_000;

export type SendOptions = {
  readonly intendedAt: string;
  /** An earlier run began an attempt: any of it may have arrived. */
  readonly isDoubted: boolean;
  /** For how long the window still tells a second sending from a first one. */
  readonly protectedForMs: number;
};

/** `notSent`: certainly not processed, free again, with the reason. `unknown`: how many stay in doubt. `isTurnedDown`: the window last said of all that is in doubt that it did not process it. */
export type Sent = {
  readonly notSent: ReadonlyMap<DeclarationKey, FailureReason>;
  readonly unknown: number;
  readonly isTurnedDown?: true;
};

export async function send(batch: Batch, options: SendOptions, engine: Engine): Promise<Sent> {
  const { pressure } = engine;
  const startedMs = engine.uptimeMs();
  const doubted = new Set<DeclarationKey>(options.isDoubted ? batch.lodgements.map(({ key }) => key) : []);
  const digests = new Map(batch.lodgements.map(({ key, digest }) => [key, digest]));
  let askedMs = 0;
  let left: Left = new Map();
  for (let round = 1; round <= attempts; round += 1) {
    const { number, answers } = await submitSignedIn(batch, doubted, engine);
    left = await takeAnswers(answers, { batch, number, intendedAt: options.intendedAt, doubted }, engine);
    pressure.tell(toldBy(left));
    left = await withoutFound(left, digests, engine);
    const reason = [...left.values()][0]?.reason;
    if (reason === undefined || !mayRepeat(left, answers, engine)) break;
    const asks = longestAsked(left);
    if ((asks ?? 0) > longestPauseMs) pressure.stop(reason);
    const pauseMs = pauseMsBefore(round, asks, engine.random);
    const spentMs = engine.uptimeMs() - startedMs - askedMs;
    const isLate =
      spentMs + pauseMs - (asks ?? 0) > totalMs ||
      engine.uptimeMs() - startedMs + pauseMs > options.protectedForMs;
    if (round === attempts || isLate || isOver(engine) || !pressure.mayRepeat(reason.cause)) break;
    askedMs += asks ?? 0;
    await engine.sleep(pauseMs);
    // A pause that was cut short by Ctrl-C is no pause: the window said when.
    if (isOver(engine)) break;
  }
  return settle(left, doubted, engine);
}

function isOver({ signal, pressure }: Engine): boolean {
  return signal.aborted || pressure.stopped() !== undefined;
}

type Submitted = { readonly number: number; readonly answers: readonly Answer[] };

/** One attempt, and where the token has expired one more with a new token: the same key, the same bytes, each written down before it. Where the sign-in stays refused nothing of it was processed: where nothing is in doubt it is free before the run stops. */
async function submitSignedIn(
  batch: Batch,
  doubted: ReadonlySet<DeclarationKey>,
  engine: Engine,
): Promise<Submitted> {
  const { ledger, window } = engine;
  for (let isRenewed = false; ; isRenewed = true) {
    const number = ledger.beginAttempt(batch.id, isoNow(engine), window.serverNow?.()?.toISOString());
    try {
      return { number, answers: await window.submit(batch, engine.deadline(engine.requestMs)) };
    } catch (error) {
      if (!(error instanceof Stop) || error.exit !== exitCode.signIn) throw error;
      ledger.endAttempt(batch.id, number, { at: isoNow(engine), how: 'not-sent', detail: 'sign-in' });
      const stop = isRenewed ? error : await stopUnlessRenewed(error, engine);
      if (stop === undefined) continue;
      // Beside a doubt nothing is set free: the batch will go again as it is.
      if (doubted.size === 0)
        release(
          batch.lodgements.map(({ key }) => key),
          engine,
        );
      throw stop;
    }
  }
}

/** Undefined where the same batch may go out once more. */
async function stopUnlessRenewed(refused: Stop, { window }: Engine): Promise<unknown> {
  if (refused.code !== 'window/sign-in-refused') return refused;
  try {
    return (await window.signInAgain?.()) === true ? undefined : refused;
  } catch (failure) {
    return failure;
  }
}

function toldBy(left: Left): 'answered' | 'refused' | 'failed' {
  if (left.size === 0) return 'answered';
  const isRefused = [...left.values()].every(
    ({ kind, reason }) => kind === 'not-sent' && (reason.cause === 'refused' || reason.cause === 'too-large'),
  );
  return isRefused ? 'refused' : 'failed';
}

/** Asks about what is in doubt; what the window has needs no second sending. A window without memory is not asked. */
async function withoutFound(
  left: Left,
  digests: Parameters<typeof askAbout>[1],
  engine: Engine,
): Promise<Left> {
  const doubtful = [...left.values()].filter(({ kind }) => kind === 'cannot-know').map(({ key }) => key);
  if (doubtful.length === 0 || engine.promises.kind === 'none') return left;
  const { ours } = await askAbout(doubtful, digests, engine);
  return new Map([...left].filter(([key]) => !ours.has(key)));
}

/** What may have arrived is repeated only where the window tells it from the first; what was not processed, only where the whole batch was not and waiting helps. */
function mayRepeat(left: Left, answers: readonly Answer[], engine: Engine): boolean {
  const open = [...left.values()];
  if (open.some(({ kind }) => kind === 'cannot-know')) return isResendable(engine);
  return answers.every(({ kind }) => kind === 'not-sent') && open.every(({ reason }) => canWait(reason));
}

function isResendable({ promises }: Engine): boolean {
  return promises.kind === 'key' || promises.kind === 'duplicate-refusing';
}

/** Whether the same request can succeed later. */
export function canWait({ cause }: FailureReason): boolean {
  return cause !== 'too-large' && cause !== 'sign-in' && cause !== 'refused';
}

function longestAsked(left: Left): number | undefined {
  const asked = [...left.values()].flatMap(({ reason }) => reason.retryAfterMs ?? []);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

/** Frees what was certainly never processed, by any attempt; but nothing of a batch that will go again as it is, for it goes whole. */
function settle(left: Left, doubted: ReadonlySet<DeclarationKey>, engine: Engine): Sent {
  const notSent = new Map<DeclarationKey, FailureReason>();
  for (const [key, { kind, reason }] of left)
    if (kind === 'not-sent' && !doubted.has(key)) notSent.set(key, reason);
  const isTurnedDown =
    notSent.size < left.size && [...left.values()].every(({ kind }) => kind === 'not-sent');
  if (notSent.size < left.size && isResendable(engine)) {
    engine.ledger.markUnknown([...notSent.keys()], isoNow(engine));
    notSent.clear();
  }
  release([...notSent.keys()], engine);
  return { notSent, unknown: left.size - notSent.size, ...(isTurnedDown ? { isTurnedDown } : {}) };
}

function release(keys: readonly DeclarationKey[], engine: Engine): void {
  if (keys.length > 0) engine.ledger.release(keys, isoNow(engine));
}

/** A batch that was never sent is protected for the whole of the window's time. */
export function freshlyProtected({ promises }: Engine): number {
  return promises.kind === 'none' ? Number.POSITIVE_INFINITY : protectedMs(promises);
}
