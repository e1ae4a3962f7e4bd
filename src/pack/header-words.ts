/** Header words → fields: what clerks write above their columns, made comparable. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import { csvRows } from './csv-rows.ts';
import type { Field, HeaderMeaning } from './pack.ts';

const remark = /\((?:必填|选填|可选|必录|required|optional|地区|kgs?|千克|公斤)\)/gu;
/** Nothing to change: small Latin letters, digits and Chinese alone. */
const plain = /^[a-z0-9\u4e00-\u9fff]+$/u;
const ascii = /^[\u0020-\u007e]*$/u;
const noise = /[\s:*※★_\-.'’"#,;﹕、\u200b-\u200d\u2060\ufeff]+/gu;

/** NFKC, small letters, one kind of bracket and slash; without spaces, line breaks, punctuation, marks of required columns, and units that change nothing. */
export function normaliseHeader(text: string): string {
  if (plain.test(text)) return text;
  const unfolded = ascii.test(text) ? text : text.normalize('NFKC');
  const folded = unfolded.toLowerCase().replaceAll(noise, '');
  if (plain.test(folded)) return folded;
  return folded
    .replaceAll(/[[【〔{]/gu, '(')
    .replaceAll(/[\]】〕}]/gu, ')')
    .replaceAll(/[\\|]/gu, '/')
    .replaceAll(remark, '');
}

/** One line of `header-words.csv`. Fields joined with `+`; none: known and not declared; `?`: may mean several fields, so it means none. */
export type HeaderWord = { readonly word: string; readonly fields: string; readonly direction: string };

export function readHeaderWords(csv: string): HeaderWord[] {
  return csvRows(csv).map(([word = '', fields = '', direction = '']) => ({ word, fields, direction }));
}

function isDirection(text: string): text is Direction {
  return text === 'import' || text === 'export';
}

function meaningOf({ fields, direction }: HeaderWord, known: ReadonlyMap<string, Field>): HeaderMeaning {
  const paths: FieldPath[] = [];
  for (const path of fields === '' ? [] : fields.split('+')) {
    const field = known.get(path);
    if (field === undefined) throw new TypeError(`header words: the pack has no field ${path}`);
    paths.push(field.path);
  }
  return isDirection(direction) ? { fields: paths, direction } : { fields: paths };
}

/** What a field is called by the schema itself: its titles, its tag, its path. */
function ownNames(field: Field): string[] {
  return [field.path, field.title.zh, field.title.en, field.tag].map(normaliseHeader);
}

/**
 * Every normalised header text with one meaning. The written words come first; then the fields' own names, where the
 * segments named in `primary` win, in that order, and a name that two other fields share means neither.
 */
export function makeHeaderWords(
  words: readonly HeaderWord[],
  fields: ReadonlyMap<FieldPath, Field>,
  primary: readonly string[],
): Map<string, HeaderMeaning> {
  const meanings = new Map<string, HeaderMeaning>();
  const closed = new Set<string>();
  for (const entry of words) {
    const key = normaliseHeader(entry.word);
    if (closed.has(key)) throw new TypeError(`header words: ${entry.word} stands twice`);
    closed.add(key);
    if (entry.fields !== '?') meanings.set(key, meaningOf(entry, fields));
  }
  const claims = new Map<string, Field[]>();
  for (const field of fields.values()) {
    for (const name of ownNames(field)) {
      if (name === '' || closed.has(name)) continue;
      const before = claims.get(name);
      if (before === undefined) claims.set(name, [field]);
      else if (!before.includes(field)) before.push(field);
    }
  }
  for (const [name, claimants] of claims) {
    const preferred = primary
      .map((segment) => claimants.filter((field) => field.segment === segment))
      .find((own) => own.length > 0);
    const [only, second] = preferred ?? claimants;
    if (only === undefined || second !== undefined) continue;
    const isRare = preferred === undefined && name !== normaliseHeader(only.path);
    meanings.set(name, { fields: [only.path], ...(isRare ? { isRare } : {}) });
  }
  return meanings;
}
