/** What must be true of ledger, window and results, however a seed went. */
import type { DeclarationKey } from '../../src/model/ids.ts';
import type { Outcome } from '../../src/model/result.ts';
import type { MemoryStore } from './memory-ledger.ts';
import type { SimulatedWindow } from './simulated-window.ts';
import type { World } from './world.ts';

export type Outcomes = ReadonlyMap<DeclarationKey, Outcome>;

/** Where clocks jump, or days go by, what is unknown may stay so, but only after the program was run again so often. */
const patience = 15;

/** Whether nothing is left to do for the program: each declaration is accepted, rejected for good, or a person's. */
export function isDone(
  outcomes: Outcomes,
  runs: number,
  { poison, foreign, kind, jumpsMs, gapsMs }: World,
): boolean {
  const mayStayOpen = kind === 'none' || (runs >= patience && jumpsMs.length + gapsMs.length > 0);
  return [...outcomes].every(
    ([key, outcome]) =>
      outcome === 'accepted' ||
      (outcome === 'rejected' && (poison.has(key) || foreign.has(key))) ||
      (outcome === 'unknown' && mayStayOpen) ||
      (outcome === 'pending' && kind === 'none'),
  );
}

/** What was told after one run, against what the window has. */
export function toldWrong(outcomes: Outcomes, { taken }: SimulatedWindow): readonly string[] {
  return [...outcomes].flatMap(([key, outcome]) => {
    const isTaken = taken.some((each) => each.key === key && !each.isRejected);
    if (outcome === 'accepted' && !isTaken) return [`${key} is told as accepted and was not`];
    if ((outcome === 'rejected' || outcome === 'not-sent') && isTaken)
      return [`${key} is told as ${outcome} and was accepted`];
    return [];
  });
}

/** At the end, when everything on its way has arrived. */
export function endWrong(
  store: MemoryStore,
  { taken, payloads }: SimulatedWindow,
  { poison }: World,
): readonly string[] {
  const wrong: string[] = [];
  for (const key of new Set(taken.map((each) => each.key))) {
    const own = taken.filter((each) => each.key === key);
    const standing = own.filter(({ isRejected }) => !isRejected);
    if (standing.length > 1) wrong.push(`${key} was accepted ${standing.length} times`);
    if (new Set(own.map(({ digest }) => digest)).size < own.length)
      wrong.push(`${key} was taken twice with the same content`);
    const state = store.kept.get(key)?.state;
    if ((state === 'rejected' || state === 'prepared' || state === undefined) && standing.length > 0)
      wrong.push(`${key} is ${String(state)} in the ledger and accepted by the window`);
    if (poison.has(key)) wrong.push(`${key} is poison and was taken`);
  }
  for (const { key, state } of store.kept.values())
    if (state === 'accepted' && !taken.some((each) => each.key === key && !each.isRejected))
      wrong.push(`${key} is accepted in the ledger and not by the window`);
  for (const { key, state, versions } of store.kept.values()) {
    const last = versions.at(-1)?.batch;
    const attempts = (last === undefined ? undefined : store.batches.get(last))?.attempts ?? [];
    if (state === 'unknown' && attempts.every(({ end }) => end?.how === 'not-sent'))
      wrong.push(`${key} is unknown, and no attempt of it is in doubt`);
  }
  for (const [batch, texts] of payloads)
    if (texts.size > 1) wrong.push(`batch ${batch} came with ${texts.size} payloads`);
  return wrong;
}
