/** "Did you mean": the known word nearest to what was typed. */

function distance(left: string, right: string): number {
  let before = Array.from({ length: right.length + 1 }, (_each, index) => index);
  let beforeThat: number[] = [];
  for (let i = 1; i <= left.length; i += 1) {
    const now = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const isSame = left[i - 1] === right[j - 1];
      let best = Math.min(
        (before[j] ?? 0) + 1,
        (now[j - 1] ?? 0) + 1,
        (before[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (isSwapped) best = Math.min(best, (beforeThat[j - 2] ?? 0) + 1);
      now.push(best);
    }
    beforeThat = before;
    before = now;
  }
  return before[right.length] ?? 0;
}

/** The best candidate that differs in at most two fifths of its characters, upper and lower case alike. */
export function suggest(typed: string, candidates: Iterable<string>): string | undefined {
  const word = typed.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const found = distance(word, candidate.toLowerCase());
    if (found < least && found <= Math.max(1, Math.floor(candidate.length * 0.4))) {
      least = found;
      best = candidate;
    }
  }
  return best;
}
