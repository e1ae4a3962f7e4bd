/** The one place where work runs side by side. */

/** Runs `work` on what `source` yields, at most `limit` at once, asked anew each time. Pulls no further while all places are taken. Throws the first failure, after what is under way has ended. */
export async function inFlight<T>(
  source: AsyncIterable<T>,
  limit: number | (() => number),
  work: (each: T) => Promise<void>,
): Promise<void> {
  const places = typeof limit === 'number' ? () => limit : limit;
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const each of source) {
    if (failures.length > 0) break;
    const job: Promise<void> = work(each)
      .catch((failure: unknown) => void failures.push(failure))
      .finally(() => running.delete(job));
    running.add(job);
    while (running.size > 0 && running.size >= places()) await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
