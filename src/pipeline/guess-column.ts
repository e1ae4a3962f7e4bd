/** Guesses a column's field from two witnesses: what its header resembles, and what its values are. */
import type { FieldPath } from '../model/declaration.ts';
import type { Pack } from '../pack/pack.ts';
import { resemblance, signHeader, type Signed } from './resemblance.ts';
import { type Fit, valueFit } from './value-fit.ts';

/** One field that a header may mean, by the header word it resembles most. `score` from 0 to 1. */
export type Candidate = {
  readonly fields: readonly FieldPath[];
  readonly word: string;
  readonly score: number;
  readonly isOpen: boolean;
};
export type Guess = Candidate & { readonly fit: NonNullable<Fit>; readonly confidence: number };

/** What else the table tells: which fields its other columns carry, and which segments it has columns of. */
export type Beside = {
  readonly pack: Pack;
  readonly taken: ReadonlySet<FieldPath>;
  readonly touched: ReadonlySet<string>;
};

/** A header must resemble a word this much, and every rival clearly less. */
const leastScore = { proof: 0.42, form: 0.48, text: 0.6 };
const leastLead = 0.1;
/** A field whose words are this much nearer than the chosen one's is not passed over, whatever the values say. */
const mostBehind = 0.2;

/** An explanation in brackets, too long to be a unit or a mark. */
const longRemark = /\([^()]{10,}\)/gu;

type Vocabulary = {
  readonly words: readonly {
    readonly text: string;
    readonly signed: Signed;
    readonly target: string;
    readonly fields: readonly FieldPath[];
  }[];
  readonly weightOf: (gram: string) => number;
};
const vocabularies = new WeakMap<Pack, Vocabulary>();
const signedWords = new Map<string, Signed>();

/** Words of packs only: their number is bounded. */
function signWord(text: string): Signed {
  const known = signedWords.get(text) ?? signHeader(text);
  signedWords.set(text, known);
  return known;
}

function vocabularyOf(pack: Pack): Vocabulary {
  const known = vocabularies.get(pack);
  if (known) return known;
  const sign = (text: string): Signed => signWord(pack.rephraseHeader(text));
  const fromMap = [...pack.headerWords].map(([text, { fields }]) => ({
    text,
    signed: sign(text),
    fields,
    target: fields.join('+'),
  }));
  // A word that means several fields is a rival of each.
  const open = [...pack.openWords.keys()].map((text) => ({
    text,
    signed: sign(text),
    fields: [],
    target: '?',
  }));
  const words = [...fromMap, ...open];
  const seen = new Map<string, number>();
  for (const { signed } of words)
    for (const gram of signed.grams.keys()) seen.set(gram, (seen.get(gram) ?? 0) + 1);
  const weightOf = (gram: string): number => Math.log(1 + words.length / (1 + (seen.get(gram) ?? 0)));
  const made = { words, weightOf };
  vocabularies.set(pack, made);
  return made;
}

/** The fields whose header words a header resembles, best first; one for each field. A target without fields is known and not declared. */
export function candidatesFor(
  label: string,
  { pack, touched }: Pick<Beside, 'pack' | 'touched'>,
): readonly Candidate[] {
  const { words, weightOf } = vocabularyOf(pack);
  const signed = signHeader(pack.rephraseHeader(pack.normaliseHeader(label).replace(longRemark, '')));
  const best = new Map<string, Candidate>();
  for (const { text, signed: word, target, fields } of words) {
    if (!fields.every((path) => isEligible(path, pack, touched))) continue;
    const score = resemblance(signed, word, weightOf);
    if (score > 0.2 && score > (best.get(target)?.score ?? 0))
      best.set(target, { fields, word: text, score, isOpen: target === '?' });
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, 8);
}

/** Segments that few declarations have are looked at only where the table has a column of theirs. */
function isEligible(path: FieldPath, pack: Pack, touched: ReadonlySet<string>): boolean {
  const field = pack.fields.get(path);
  if (!field) return false;
  const { import: importing, export: exporting } = field.need;
  const isGiven = ![importing, exporting].every((need) => need === 'never' || need === 'receipt');
  const segment = pack.segments.get(field.segment);
  return isGiven && (segment?.isRequired === true || touched.has(field.segment));
}

/**
 * The one field that both witnesses name; nothing where the best by its words is taken by another column, where it carries
 * several fields, where the values do not fit, or where a rival comes near.
 */
export function guessColumn(label: string, values: readonly string[], beside: Beside): Guess | undefined {
  if (values.length === 0) return undefined;
  const { pack, taken } = beside;
  const isDivided = values.some((value) => /[\n/|；;]/u.test(value));
  const all = candidatesFor(label, beside).filter(({ fields }) => fields.length < 2 || isDivided);
  const fits = (path: FieldPath | undefined): Fit => {
    const field = path === undefined ? undefined : pack.fields.get(path);
    return field && valueFit(field, values, pack);
  };
  // What it resembles most has a column already, and takes such values: this one is something else, and not the next best thing.
  const [nearest] = all.filter(({ fields: [path] }) => path === undefined || !taken.has(path) || fits(path));
  if (!nearest || nearest.fields.some((path) => taken.has(path))) return undefined;
  const fitting = all.flatMap((candidate) => {
    const [path, second] = candidate.fields;
    const fit = second !== undefined || path === undefined || taken.has(path) ? undefined : fits(path);
    return fit ? [{ ...candidate, fit }] : [];
  });
  const [best, next] = fitting;
  if (!best || best.score < leastScore[best.fit.kind] || best.score < nearest.score - mostBehind)
    return undefined;
  if (best.score < leastLead + (next?.score ?? 0)) return undefined;
  const isBlocked = all.some(({ fields: [path, second], score, isOpen }) =>
    isOpen ? score > best.score + 0.05 : (path === undefined || second !== undefined) && score >= best.score,
  );
  if (isBlocked) return undefined;
  const lead = best.score - (next?.score ?? 0);
  const confidence = Math.min(
    0.95,
    best.score * 0.6 + Math.min(lead, 0.5) * 0.4 + (best.fit.kind === 'proof' ? 0.2 : 0.1),
  );
  return { ...best, confidence };
}
