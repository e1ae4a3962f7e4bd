/** Header words that can mean several fields: each reading with what must hold beside it, from `open-words.json`. */
import type { FieldPath } from '../model/declaration.ts';
import { type HeaderWord, normaliseHeader } from './header-words.ts';
import type { Field, OpenMeaning } from './pack.ts';

type OpenWord = OpenMeaning & { readonly words: readonly string[] };

/** The file's shape, trusted only as far as its fields are looked up and its conditions counted. */
function readings(json: unknown): readonly OpenWord[] {
  const { meanings } = json as { readonly meanings?: readonly OpenWord[] };
  if (!Array.isArray(meanings)) throw new TypeError('open-words.json: meanings is no list');
  return meanings as readonly OpenWord[];
}

function checked(meaning: OpenMeaning, fields: ReadonlyMap<FieldPath, Field>): OpenMeaning {
  const { after, beside, with: others, direction, values } = meaning;
  const named = [...meaning.fields, ...(after ?? []), ...(beside ?? []), ...(others ?? [])];
  const unknown = named.find((path) => !fields.has(path));
  if (unknown !== undefined) throw new TypeError(`open words: the pack has no field ${unknown}`);
  if ([after, beside, others, direction, values].every((condition) => condition === undefined))
    throw new TypeError(`open words: ${meaning.fields.join('+')} has no condition beside its values`);
  return meaning;
}

/** Every word marked `?` in the list of header words, with its readings; none where nothing can decide it. */
export function makeOpenWords(
  words: readonly HeaderWord[],
  json: unknown,
  fields: ReadonlyMap<FieldPath, Field>,
): Map<string, readonly OpenMeaning[]> {
  const open = new Map<string, readonly OpenMeaning[]>();
  for (const { word, fields: target } of words) if (target === '?') open.set(normaliseHeader(word), []);
  for (const each of readings(json)) {
    const { words: spellings, ...rest } = each;
    const meaning = checked(rest, fields);
    for (const word of spellings) {
      const key = normaliseHeader(word);
      const before = open.get(key);
      if (before === undefined)
        throw new TypeError(`open words: ${word} is not marked ? among the header words`);
      open.set(key, [...before, meaning]);
    }
  }
  return open;
}
