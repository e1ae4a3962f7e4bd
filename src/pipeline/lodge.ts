/** Lodges declarations for the first time: written down first, halved where the window takes less or refuses the whole for one of them. */
import type { Intent } from '../ledger/ledger.ts';
import type { DeclarationKey } from '../model/ids.ts';
import type { FailureReason, Lodgement } from '../window/single-window.ts';
import { type Engine, isoNow } from './engine.ts';
import { pauseMsBefore } from './pressure.ts';
import { canWait, freshlyProtected, send, type Sent } from './send.ts';

export type Intents = readonly [Intent, ...Intent[]];

/** A search for the declarations for which a whole batch is refused is given up after so many refusals without one success: then it is not the declarations. */
const refusalsBeyondDepth = 16;
/** How often a part of a batch that was put off is sent again. */
const roundsForParts = 5;

type Search = { refusals: number; readonly most: number };

/** Sends the declarations of one batch. The ledger is the truth afterwards; what was certainly not sent is free again, with the reason. */
export async function lodge(intents: Intents, engine: Engine): Promise<Sent> {
  const search = { refusals: 0, most: 2 * Math.ceil(Math.log2(intents.length + 1)) + refusalsBeyondDepth };
  const sent = await lodgePart(intents, search, { round: 1, engine });
  engine.pressure.batchEnded(sent.notSent.size + sent.unknown < intents.length);
  return sent;
}

type Way = { readonly round: number; readonly engine: Engine };

async function lodgePart(intents: Intents, search: Search, { round, engine }: Way): Promise<Sent> {
  const { pressure, ledger } = engine;
  const stopped = pressure.stopped() ?? (engine.signal.aborted ? ({ cause: 'refused' } as const) : undefined);
  if (stopped) return { notSent: new Map(intents.map(({ key }) => [key, stopped])), unknown: 0 };
  const id = engine.newBatchId();
  const intendedAt = isoNow(engine);
  ledger.intend(engine.run, { id, pack: engine.pack, intents }, intendedAt);
  const [first, ...rest] = intents;
  const lodgements = [lodgementOf(first), ...rest.map(lodgementOf)] as const;
  const sent = await send(
    { id, pack: engine.pack, lodgements },
    { intendedAt, isDoubted: false, protectedForMs: freshlyProtected(engine) },
    engine,
  );
  const reasons = [...sent.notSent.values()];
  const [reason] = reasons;
  const isWhole = sent.notSent.size === intents.length && new Set(reasons.map(canWait)).size === 1;
  if (reason === undefined || !isWhole) {
    search.refusals = 0;
    return again(intents, sent, search, { round, engine });
  }
  if (reason.status === 501) pressure.stop(reason);
  if (reason.cause === 'refused' && (search.refusals += 1) > search.most)
    pressure.stop({ cause: 'unavailable' });
  if (canWait(reason)) {
    // Five attempts did not help, or the window asked for more time than a run has.
    pressure.stop(reason);
    return sent;
  }
  if (intents.length === 1 || pressure.stopped()) return sent;
  const middle = Math.ceil(intents.length / 2);
  if (reason.cause === 'too-large') pressure.learnMost(middle);
  return halves(intents, middle, { search, way: { round, engine } });
}

async function halves(
  intents: Intents,
  middle: number,
  { search, way }: { readonly search: Search; readonly way: Way },
): Promise<Sent> {
  const notSent = new Map<DeclarationKey, FailureReason>();
  let unknown = 0;
  for (const [head, ...tail] of [intents.slice(0, middle), intents.slice(middle)]) {
    if (!head) continue;
    const half = await lodgePart([head, ...tail], search, way);
    for (const [key, why] of half.notSent) notSent.set(key, why);
    unknown += half.unknown;
  }
  return { notSent, unknown };
}

/** The window took some and put others off: only those go out again, as a batch of their own. */
async function again(intents: Intents, sent: Sent, search: Search, { round, engine }: Way): Promise<Sent> {
  const [head, ...tail] = intents.filter(({ key }) => {
    const reason = sent.notSent.get(key);
    return reason !== undefined && canWait(reason);
  });
  const reasons = [...sent.notSent.values()];
  if (!head || round >= roundsForParts || !reasons.some((reason) => engine.pressure.mayRepeat(reason.cause)))
    return sent;
  const asked = Math.max(0, ...reasons.map(({ retryAfterMs }) => retryAfterMs ?? 0));
  await engine.sleep(pauseMsBefore(round, asked, engine.random));
  const next = await lodgePart([head, ...tail], search, { round: round + 1, engine });
  const retried = new Set([head, ...tail].map(({ key }) => key));
  const kept = [...sent.notSent].filter(([key]) => !retried.has(key));
  return { notSent: new Map([...kept, ...next.notSent]), unknown: sent.unknown + next.unknown };
}

function lodgementOf({ key, digest, body }: Intent): Lodgement {
  return { key, digest, body };
}
