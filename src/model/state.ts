/** The life of a lodged declaration: one graph for every window, and the reducer that reads it from the facts. */

/** In the order in which they can be reached. `unknown`, `rejected` and `cancelled` stand beside the road. */
export const road = [
  'prepared',
  'sending',
  'received',
  'registered',
  'accepted',
  'held',
  'released',
  'cleared',
  'exited',
] as const;
export type RoadState = (typeof road)[number];
export type LodgementState = RoadState | 'unknown' | 'rejected' | 'cancelled';

const rank = new Map<string, number>(road.map((state, index) => [state, index]));

export function isLodgementState(text: string): text is LodgementState {
  return rank.has(text) || text === 'unknown' || text === 'rejected' || text === 'cancelled';
}

/** At least accepted: it has, or had, a customs number. */
export function isAccepted(state: LodgementState): boolean {
  return (rank.get(state) ?? 0) >= 4;
}

/** Further on the road; neither of those that stand beside it. */
export function isBeyond(state: LodgementState, other: LodgementState): boolean {
  return (rank.get(state) ?? -1) > (rank.get(other) ?? Number.POSITIVE_INFINITY);
}

/** Nothing more is expected before a person acts. */
export function isDecided(state: LodgementState): boolean {
  return state === 'rejected' || state === 'cancelled' || isAccepted(state);
}

/** A fact that a window told: kept whole, in any order, any number of times. `state` is absent for a code that we do not know: kept and shown, never fatal. */
export type StateFact = { readonly state?: LodgementState };

/**
 * The state after all facts, independent of their order: the highest reached on the road. `cancelled` ends the life;
 * `rejected` holds only while nothing reached `accepted`; `unknown` and `sending` give way to any word of the window.
 * Source: the reducer rules of the lodgement contract (`docs/architecture.md`).
 */
export function stateAfter(facts: Iterable<StateFact>): LodgementState {
  let highest = -1;
  let isRejected = false;
  let isCancelled = false;
  let isUnknown = false;
  for (const { state } of facts) {
    if (state === undefined) continue;
    if (state === 'rejected') isRejected = true;
    else if (state === 'cancelled') isCancelled = true;
    else if (state === 'unknown') isUnknown = true;
    else highest = Math.max(highest, rank.get(state) ?? highest);
  }
  if (isCancelled) return 'cancelled';
  if (isRejected && highest < 4) return 'rejected';
  if (isUnknown && highest < 2) return 'unknown';
  return road[highest] ?? 'prepared';
}
