/** Brings the ledger up to what the window knows, without sending anything new. */
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { LodgementState } from '../model/state.ts';
import { takeEvents } from './await-verdicts.ts';
import type { Engine } from './engine.ts';
import { reconcile } from './reconcile.ts';

/** States in which the window's next word is still awaited. */
const openStates: readonly LodgementState[] = [
  'sending',
  'unknown',
  'received',
  'registered',
  'accepted',
  'held',
];

export type CaughtUp = {
  /** Each declaration that was open, as it was and as it is now, oldest first. */
  readonly entries: readonly { readonly before: LodgementState; readonly now: LedgerEntry }[];
  /** How many are still unknown. */
  readonly unknown: number;
};

const findChunk = 500;

/** Asks about what is unknown, then takes every event until there is nothing new. Throws `Stop` (exit 5) where the window cannot be reached. */
export async function catchUp(engine: Engine): Promise<CaughtUp> {
  const { ledger, window, signal } = engine;
  const before = ledger
    .inStates(openStates, Number.MAX_SAFE_INTEGER)
    .map(({ key, state }) => ({ key, state }));
  // Whoever does not answer this one has no word about the rest either.
  await window.limits(engine.deadline(engine.requestMs));
  await reconcile(engine);
  while (!signal.aborted && (await takeEvents(0, engine))) {
    // Page by page.
  }
  const entries: { before: LodgementState; now: LedgerEntry }[] = [];
  for (let at = 0; at < before.length; at += findChunk) {
    const some = before.slice(at, at + findChunk);
    const found = ledger.find(some.map(({ key }) => key));
    for (const { key, state } of some) {
      const now = found.get(key);
      if (now) entries.push({ before: state, now });
    }
  }
  return {
    entries,
    unknown: entries.filter(({ now: { state } }) => state === 'unknown' || state === 'sending').length,
  };
}
