/** Disturbs a request once for each reference whose remarks ask for it. */
import type { Sandbox } from './context.ts';
import type { JudgedLine } from './judge.ts';
import { Refusal } from './refusal.ts';
import type { FaultWord } from './triggers.ts';

const retryAfterS = 1;

/** Without `word`: the faults that come before anything is processed; throws the `Refusal` of 429 and 503. `lost`: the connection is to be destroyed. */
export function disturb(
  { store }: Sandbox,
  lines: readonly JudgedLine[],
  word?: 'lost-answer',
): 'lost' | undefined {
  const isDue = (fault: FaultWord) => {
    const marked = lines.filter((line) => line.triggers.faults.includes(fault));
    if (marked.length === 0) return false;
    return store.commit(() =>
      marked
        .map(({ ref }) => store.run('insert or ignore into trick values (?, ?)', ref, fault).changes)
        .includes(1),
    );
  };
  if (word !== undefined) return isDue(word) ? 'lost' : undefined;
  if (isDue('throttle')) {
    throw new Refusal('throttled', 429, 'A declaration asked for this answer.', { retryAfterS });
  }
  if (isDue('unavailable')) {
    throw new Refusal('unavailable', 503, 'A declaration asked for this answer.', { retryAfterS });
  }
  return isDue('lost-request') ? 'lost' : undefined;
}
