/** Settles what is open, from earlier runs or from this one, by the rule of the window's kind. */
import type { OpenBatch } from '../ledger/ledger.ts';
import type { DeclarationKey } from '../model/ids.ts';
import { askAbout } from './answers.ts';
import { type Engine, isoNow } from './engine.ts';
import { lodge } from './lodge.ts';
import { ageOf, nextStep, protectedMs, restedOf, settleMsOf } from './resend-rules.ts';
import { send } from './send.ts';

export type ReconcileOptions = {
  /** What never arrived is lodged at once; otherwise it is only set free, for the run that still has it in its input. */
  readonly lodgesAgain: boolean;
  /** Told before each wait for a late arrival. */
  readonly tell?: (waitMs: number) => void;
};

/** Asks about every declaration whose outcome is open. What the window has is recorded. What it has not follows `nextStep`. */
export async function reconcile(
  engine: Engine,
  options: ReconcileOptions = { lodgesAgain: false },
): Promise<void> {
  for (const batch of engine.ledger.openBatches()) {
    if (engine.signal.aborted || engine.pressure.stopped()) return;
    await settleBatch(batch, options, engine);
  }
}

async function settleBatch(batch: OpenBatch, options: ReconcileOptions, engine: Engine): Promise<void> {
  const { ledger, promises } = engine;
  let open = openOf(batch, engine);
  if (!batch.isDoubted) {
    // Each attempt is written down before its first byte: nothing of this went out, or the run ended before it could set free what was turned away.
    ledger.release(open, isoNow(engine));
    await lodgeFreed(batch, open, { options, engine });
    return;
  }
  ledger.markUnknown(open, isoNow(engine));
  if (promises.kind === 'none') return;
  const settleMs = settleMsOf(promises, engine.requestMs);
  const digests = new Map(batch.intents.map(({ key, digest }) => [key, digest]));
  let rule = promises;
  const startedMs = engine.uptimeMs();
  let quietSinceMs = Number.NEGATIVE_INFINITY;
  for (let notFound = 0; open.length > 0;) {
    const askedMs = engine.uptimeMs();
    const asked = await askAbout(open, digests, engine);
    open = openOf(batch, engine).filter((key) => !asked.ours.has(key));
    if (open.length === 0 || engine.signal.aborted) return;
    const ages = agesOf(batch, { askedMs, startedMs }, engine);
    const { ageMs } = ages;
    const restedMs = Math.min(ages.restedMs, askedMs - quietSinceMs);
    const isSilent = open.some((key) => (asked.words.get(key)?.kind ?? 'no-answer') === 'no-answer');
    // "Not found" counts only where the question itself was put after the settle time.
    notFound = isSilent ? 0 : restedMs >= settleMs ? notFound + 1 : 0;
    const word = isSilent ? 'no-answer' : 'not-found';
    const next = nextStep(rule, settleMs, { ageMs, restedMs, word, notFound });
    switch (next.step) {
      case 'resend': {
        const [first, ...rest] = batch.intents.map(({ key, digest, body }) => ({ key, digest, body }));
        const protectedForMs = protectedMs(promises) - ageMs;
        if (!first) return;
        const again = { id: batch.id, pack: batch.pack, lodgements: [first, ...rest] } as const;
        const sent = await send(
          again,
          { intendedAt: batch.firstSentAt, isDoubted: true, protectedForMs },
          engine,
        );
        if (sent.isTurnedDown !== true) return;
        // It takes this batch no more: for its size, for one of its declarations, or because it says again what it said first. Only asking can settle it now.
        rule = { ...promises, kind: 'lookup' };
        quietSinceMs = engine.uptimeMs();
        notFound = 0;
        open = openOf(batch, engine);
        break;
      }
      case 'ask-again':
        options.tell?.(next.afterMs);
        await engine.sleep(next.afterMs);
        break;
      case 'free':
        ledger.release(open, isoNow(engine));
        await lodgeFreed(batch, open, { options, engine });
        return;
      case 'leave':
      case 'person':
        return;
      default:
        return next satisfies never;
    }
  }
}

function openOf({ intents, id }: OpenBatch, { ledger }: Engine): readonly DeclarationKey[] {
  const entries = ledger.find(intents.map(({ key }) => key));
  return intents.flatMap(({ key }) => {
    const entry = entries.get(key);
    // A later batch may hold it now; then that one settles it.
    return entry?.batch === id && (entry.state === 'sending' || entry.state === 'unknown') ? [key] : [];
  });
}

async function lodgeFreed(
  { intents }: OpenBatch,
  free: readonly DeclarationKey[],
  { options, engine }: { readonly options: ReconcileOptions; readonly engine: Engine },
): Promise<void> {
  const [first, ...rest] = intents.filter(({ key }) => free.includes(key));
  if (options.lodgesAgain && first) await lodge([first, ...rest], engine);
}

/** The ages at the moment when the window was asked. */
function agesOf(
  batch: OpenBatch,
  { askedMs, startedMs }: { readonly askedMs: number; readonly startedMs: number },
  { now, uptimeMs, window }: Engine,
): { readonly ageMs: number; readonly restedMs: number } {
  const { firstSentAt, lastSentAt = firstSentAt, latestAt, serverSentAt, serverLastAt } = batch;
  const nowMs = now().getTime();
  const serverNowMs = window.serverNow?.()?.getTime();
  const ageMs = ageOf({
    firstSentMs: Date.parse(firstSentAt),
    nowMs,
    latestMs: latestAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(latestAt),
    serverSentMs: momentOf(serverSentAt),
    serverNowMs,
  });
  const restedMs = restedOf({
    lastSentMs: Date.parse(lastSentAt),
    nowMs,
    serverLastMs: momentOf(serverLastAt),
    serverNowMs,
    askingForMs: uptimeMs() - startedMs,
  });
  return { ageMs, restedMs: Math.max(0, restedMs - (uptimeMs() - askedMs)) };
}

function momentOf(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at);
}
