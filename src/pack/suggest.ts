/** The best candidates for a near miss: similarity of whole names, never a few edits to a short Chinese word. */
import { nameKey } from './code-key.ts';
import type { CodeEntry } from './pack.ts';

/** Below this, two texts are not called alike. */
const floor = 0.4;

function bigrams(text: string): Set<string> {
  const pairs = new Set<string>();
  for (let index = 0; index + 1 < text.length; index += 1) pairs.add(text.slice(index, index + 2));
  return pairs;
}

function dice(one: Set<string>, other: Set<string>): number {
  if (one.size === 0 || other.size === 0) return 0;
  let shared = 0;
  for (const pair of one) if (other.has(pair)) shared += 1;
  return (2 * shared) / (one.size + other.size);
}

/** Edits between two short texts, or 3 where there are more than two. */
function editsUpToTwo(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3;
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const left = (current[column - 1] ?? 0) + 1;
      const up = (before[column] ?? 0) + 1;
      current.push(Math.min(left, up, (before[column - 1] ?? 0) + same));
    }
    before = current;
  }
  return Math.min(before[other.length] ?? 3, 3);
}

const latin = /^[\u0020-\u007e]+$/u;

function likeness(query: string, queryPairs: Set<string>, name: string): number {
  if (name === '') return 0;
  if (name === query) return 1;
  const shorter = Math.min(name.length, query.length);
  let best = 0;
  if (shorter >= 2 && (name.includes(query) || query.includes(name))) {
    best = 0.5 + (0.5 * shorter) / Math.max(name.length, query.length);
  }
  if (shorter >= 4 && latin.test(query) && latin.test(name)) {
    const edits = editsUpToTwo(query, name);
    if (edits <= 2) best = Math.max(best, 1 - edits / shorter);
  }
  return shorter >= 2 ? Math.max(best, dice(queryPairs, bigrams(name))) : best;
}

function codeLikeness(query: string, code: string): number {
  let common = 0;
  while (common < query.length && common < code.length && query[common] === code[common]) common += 1;
  if (common < 2) return 0;
  const ratio = common / Math.max(query.length, code.length);
  return ratio >= 0.6 ? ratio : 0;
}

/** The entries most like the text, best first; entries alike stand in code order. */
export function suggestFrom(entries: Iterable<CodeEntry>, text: string, limit: number): CodeEntry[] {
  const query = nameKey(text);
  if (query === '') return [];
  const pairs = bigrams(query);
  const scored: { entry: CodeEntry; score: number }[] = [];
  for (const entry of entries) {
    let score = codeLikeness(query, entry.code.toUpperCase());
    for (const name of [entry.zh, entry.en, ...entry.aliases]) {
      score = Math.max(score, likeness(query, pairs, nameKey(name)));
    }
    if (score >= floor) scored.push({ entry, score });
  }
  scored.sort((one, other) => other.score - one.score || (one.entry.code < other.entry.code ? -1 : 1));
  return scored.slice(0, limit).map(({ entry }) => entry);
}

/** For lists found by code alone: the codes that share the longest beginning, of at least four characters. `codes` is sorted. */
export function suggestByPrefix(codes: readonly string[], text: string, limit: number): string[] {
  for (let length = Math.min(text.length, 10); length >= 4; length -= 1) {
    const beginning = text.slice(0, length);
    let low = 0;
    let high = codes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((codes[middle] ?? '') < beginning) low = middle + 1;
      else high = middle;
    }
    const found = codes.slice(low, low + limit).filter((code) => code.startsWith(beginning));
    if (found.length > 0) return found;
  }
  return [];
}
