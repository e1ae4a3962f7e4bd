/** The one place where work runs side by side. */

/** Runs `work` on what `source` yields, at most `limit` at once. Pulls no further while all places are taken. Throws the first failure, after what is under way has ended. */
export async function inFlight<T>(source: AsyncIterable<T>, limit: number, work: (each: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const each of source) {
    if (failures.length > 0) break;
    const job: Promise<void> = work(each)
      .catch((failure: unknown) => void failures.push(failure))
      .finally(() => running.delete(job));
    running.add(job);
    if (running.size >= limit) await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
