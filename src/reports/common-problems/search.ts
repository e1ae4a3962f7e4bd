/** Finds entries by code, by a message pasted in, or by symptom: Chinese by pairs of characters, offline, in one pass. */
import type { CommonProblem } from './entry.ts';
import { matchLength, normalise, piecesOf } from './receipts.ts';

const han = /[\u3400-\u9fff\uf900-\ufaff]/u;
/** Words that every English sentence has. */
const common = new Set(
  'a an and are as at be by do does for from has have how i in is it its my no not of on or that the this to was what when why with'.split(
    ' ',
  ),
);

/** Runs of Chinese as pairs of neighbouring characters, everything else as words: `18位变成E+17` → 18, 位变, 变成, e+17. */
export function termsOf(text: string): readonly string[] {
  const terms: string[] = [];
  for (const [run] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(/[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9][a-z0-9+._/=-]*/gu)) {
    if (!han.test(run)) {
      const word = run.replace(/[._/=-]+$/u, '');
      if (!common.has(word)) terms.push(word.length > 4 ? word.replace(/(?:es|s)$/u, '') : word);
    } else if (run.length === 1) terms.push(run);
    else for (let at = 0; at + 1 < run.length; at += 1) terms.push(run.slice(at, at + 2));
  }
  return terms;
}

/** What a term weighs by where it stands. */
const weights = { name: 5, said: 4, body: 1 } as const;

const remembered = new WeakMap<CommonProblem, ReadonlyMap<string, number>>();

function weightsOf(entry: CommonProblem): ReadonlyMap<string, number> {
  const known = remembered.get(entry);
  if (known !== undefined) return known;
  const found = new Map<string, number>();
  const put = (texts: readonly string[], weight: number): void => {
    for (const term of texts.flatMap(termsOf)) found.set(term, Math.max(found.get(term) ?? 0, weight));
  };
  put([entry.cause.zh, entry.cause.en, ...entry.steps.zh, ...entry.steps.en], weights.body);
  put([...entry.words, ...entry.about], weights.said);
  put([entry.title.zh, entry.title.en, entry.id.replaceAll(/[/-]/gu, ' ')], weights.name);
  remembered.set(entry, found);
  return found;
}

/** A symptom stands in the query: Chinese anywhere, other words only as words. */
function stands(symptom: string, query: string, terms: ReadonlySet<string>): boolean {
  const plain = normalise(symptom);
  if (plain.length < 3) return false;
  if (han.test(symptom)) return query.includes(plain);
  const wanted = termsOf(symptom);
  return wanted.length > 0 && wanted.every((term) => terms.has(term));
}

/** A pasted message that holds a literal text of ours, or the other way round, settles it. */
function literalScore(entry: CommonProblem, query: string, terms: ReadonlySet<string>): number {
  let best = 0;
  for (const words of entry.words) {
    const pieces = piecesOf(words);
    const length = matchLength(query, pieces);
    if (length >= 4) best = Math.max(best, 100 + length);
    else if (query.length >= 4 && pieces.some((piece) => piece.includes(query)))
      best = Math.max(best, 60 + query.length);
  }
  if (query.length < 2) return best;
  if (entry.about.some((each) => normalise(each) === query)) return Math.max(best, 90 + query.length);
  return entry.about.some((each) => stands(each, query, terms)) ? Math.max(best, 40) : best;
}

export type Found = { readonly entry: CommonProblem; readonly score: number };

/** A match that is certain does not hide what is also likely. */
const sureEnough = 48;

/** Best first, at most `limit`; those far behind the best are left out. The same question always gets the same answer. */
export function search(entries: readonly CommonProblem[], query: string, limit = 8): readonly Found[] {
  const wanted = [...new Set(termsOf(query))];
  const plain = normalise(query);
  const weighed = entries.map((entry) => ({ entry, terms: weightsOf(entry) }));
  const rarity = new Map(
    wanted.map((term) => {
      const holding = weighed.filter(({ terms }) => terms.has(term)).length;
      return [term, Math.log(1 + entries.length / (1 + holding))];
    }),
  );
  const found = weighed.map(({ entry, terms }): Found => {
    const named = entry.id === query || entry.receipts.includes(query) ? 1_000 : 0;
    const byTerms = wanted.reduce((sum, term) => sum + (terms.get(term) ?? 0) * (rarity.get(term) ?? 0), 0);
    return { entry, score: named + literalScore(entry, plain, new Set(wanted)) + byTerms };
  });
  const sorted = found
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.entry.id < b.entry.id ? -1 : 1));
  const best = sorted[0]?.score ?? 0;
  return sorted.filter(({ score }) => score >= Math.min(best, sureEnough) / 4).slice(0, limit);
}
