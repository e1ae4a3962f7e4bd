/** Settles what earlier runs left open, before anything new is sent. */
import { type Engine, isoNow } from './engine.ts';
import { askAbout, send } from './lodge.ts';

/**
 * Asks about every declaration whose outcome is unknown. What the window has is recorded. What it has not is sent again only where
 * the window honours our key, with the same bytes and within the key's life; otherwise it stays unknown for a person to decide.
 */
export async function reconcile(engine: Engine): Promise<void> {
  const { ledger, promises } = engine;
  for (const batch of ledger.openBatches()) {
    if (engine.signal.aborted) return;
    const keys = batch.intents.map(({ key }) => key);
    const open = keys.filter((key) => {
      const state = ledger.find([key]).get(key)?.state;
      return state === 'sending' || state === 'unknown';
    });
    ledger.markUnknown(open, isoNow(engine));
    const digests = new Map(batch.intents.map(({ key, digest }) => [key, digest]));
    const found = new Set(await askAbout(open, digests, engine));
    const isAlive = engine.now().getTime() - Date.parse(batch.firstSentAt) < promises.keyLifeMs * 0.8;
    if (open.every((key) => found.has(key)) || promises.kind !== 'key' || !isAlive) continue;
    const [first, ...rest] = batch.intents.map(({ key, digest, body }) => ({ key, digest, body }));
    if (first) await send({ id: batch.id, pack: batch.pack, lodgements: [first, ...rest] }, engine);
  }
}
