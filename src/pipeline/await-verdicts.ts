/** Waits for the verdicts that come within a few seconds, and writes down every word of the window that concerns us. */
import type { DeclarationKey } from '../model/ids.ts';
import { isDecided } from '../model/state.ts';
import { Stop } from '../model/stop.ts';
import { type Engine, isoNow } from './engine.ts';

/** How long one question for events may wait at the window, and how long we pause where it came back empty. */
const pollMs = 2_000;
const pauseMs = 200;

/** Takes in all events there are, then goes on until each of `keys` is decided or `waitMs` have passed. `tell` gets the number decided. */
export async function awaitVerdicts(
  keys: ReadonlySet<DeclarationKey>,
  waitMs: number,
  engine: Engine,
  tell: (decided: number) => void,
): Promise<void> {
  const until = engine.uptimeMs() + waitMs;
  const open = new Set(keys);
  for (;;) {
    forgetDecided(open, engine);
    tell(keys.size - open.size);
    const leftMs = until - engine.uptimeMs();
    if (open.size === 0 || leftMs <= 0 || engine.signal.aborted) return;
    if (!(await takeEvents(Math.min(pollMs, leftMs), engine))) await engine.sleep(Math.min(pauseMs, leftMs));
  }
}

/** One page of events. False where the window had none, or did not answer. */
export async function takeEvents(waitMs: number, engine: Engine): Promise<boolean> {
  const { ledger, window } = engine;
  const since = ledger.cursor(window.name);
  const page = await window
    .events(since, waitMs, engine.deadline(engine.requestMs + waitMs))
    .catch((failure: unknown) => {
      if (failure instanceof Stop) throw failure;
      return undefined;
    });
  if (!page) return false;
  const known = ledger.find([...new Set(page.receipts.map(({ key }) => key))]);
  const ours = page.receipts.filter(({ key }) => known.has(key));
  if (ours.length > 0) ledger.record(ours, isoNow(engine));
  if (page.next !== since) ledger.setCursor(window.name, page.next);
  return page.receipts.length > 0;
}

const findChunk = 500;

function forgetDecided(open: Set<DeclarationKey>, { ledger }: Engine): void {
  const keys = [...open];
  for (let at = 0; at < keys.length; at += findChunk) {
    for (const { key, state } of ledger.find(keys.slice(at, at + findChunk)).values())
      if (isDecided(state)) open.delete(key);
  }
}
