/** I2, I6, I8 and I9: what an HTTP window wrote down, looked at for itself. */
import { join } from 'node:path';
import { type Campaign, groupedBy, type Json, openTables, type Say } from './evidence.ts';

/** So many batches are under way at once at most: their requests may cross the word "later" on its way. */
const mostAtOnce = 4;
/** Clocks of two processes of one machine, and timers that are early. */
const slackMs = 20;

export function checkWindow({ folder, rows }: Campaign, log: readonly Json[], say: Say): void {
  const ours = log.filter(({ type, foreign }) => type === 'accepted' && foreign !== true);
  for (const [ref, times] of groupedBy(ours, (entry) => String(entry['ref'])))
    if (times.length > 1) say('I2', `${ref} was accepted ${times.length} times`);
  const uploads = log.filter(({ type }) => type === 'upload');
  for (const [key, some] of groupedBy(uploads, (entry) => String(entry['key'])))
    if (new Set(some.map(({ body }) => body)).size > 1) say('I6', `key ${key} came with two payloads`);
  const sent = new Map<string, Set<string>>();
  for (const { lines } of uploads)
    for (const { ref, digest } of Array.isArray(lines) ? lines : [])
      sent.set(ref, (sent.get(ref) ?? new Set()).add(digest));
  for (const { ref, fate } of rows) {
    const contents = sent.get(ref)?.size ?? 0;
    if ((fate === 'flawed' || fate === 'conflict') && contents > 0)
      say('I9', `${ref} is ${fate} and reached the window`);
    if (fate === 'again' && contents > 1) say('I9', `${ref} reached the window with two contents`);
  }
  checkPauses(folder, log, say);
}

/**
 * Within one run, no lodging comes before the time that the window named. The word counts where the attempt that got it shows in the
 * ledger that it was read, and not, for instance, timed out before; requests of other batches that were on their way may cross it.
 */
function checkPauses(folder: string, log: readonly Json[], say: Say): void {
  const tables = openTables(join(folder, 'ledger.db'));
  const ends =
    tables?.all(
      "SELECT b.batch AS batch, a.started_at AS started, a.ended_at AS ended FROM attempts a JOIN batches b ON b.id = a.batch WHERE a.how = 'not-sent' AND a.detail IN ('throttled', 'unavailable')",
    ) ?? [];
  tables?.close();
  for (const [index, { type, key, at, ms }] of log.entries()) {
    if (type !== 'retry-after') continue;
    const toldAt = Number(at);
    const isRead = ends.some(
      ({ batch, started, ended }) =>
        batch === key && Date.parse(String(started)) <= toldAt && Date.parse(String(ended)) >= toldAt,
    );
    if (!isRead) continue;
    const later = log.slice(index + 1);
    const nextRun = later.findIndex((entry) => entry['type'] === 'run');
    const early = (nextRun < 0 ? later : later.slice(0, nextRun)).filter(
      (entry) =>
        (entry['type'] === 'announced' || entry['type'] === 'upload') &&
        Number(entry['at']) < toldAt + Number(ms) - slackMs,
    );
    const own = early.find((entry) => entry['key'] === key);
    if (own !== undefined)
      say('I8', `batch ${String(key)} came again ${toldAt + Number(ms) - Number(own['at'])} ms too early`);
    else if (early.length >= mostAtOnce)
      say('I8', `${early.length} requests came while the window wanted rest`);
  }
}
