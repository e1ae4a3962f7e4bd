/** Plans a realistic table in which one column bears a word that was taken out of the list of header words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldPath } from '../../src/model/declaration.ts';
import { packFolder } from '../../src/pack/build/make-schema.ts';
import { csvRows } from '../../src/pack/csv-rows.ts';
import { makeHeaderWords, readHeaderWords } from '../../src/pack/header-words.ts';
import type { Pack } from '../../src/pack/pack.ts';
import type { PackInfo } from '../../src/pack/pack-files.ts';
import type { Evidence } from '../../src/pipeline/plan.ts';
import { surveyBook } from '../../src/pipeline/plan-book.ts';
import { valuesOf } from './field-values.ts';
import { book, pack } from './trial-run.ts';
import { declarations, header } from './valid-rows.ts';

const words = readHeaderWords(readFileSync(join(packFolder, 'header-words.csv'), 'utf8'));
const { primarySegments = [] } = JSON.parse(readFileSync(join(packFolder, 'pack.json'), 'utf8')) as PackInfo;
const rows = declarations.slice(0, 12).flat();
const headerFields = header.map((name) => pack.headerWords.get(pack.normaliseHeader(name))?.fields ?? []);

/** Words of public forms, programs and trade usage, each with the field it stood for there; spellings that are one word to us once. */
export function synonyms(): readonly { readonly word: string; readonly field: FieldPath }[] {
  const seen = new Set<string>();
  return csvRows(readFileSync(join(import.meta.dirname, 'data', 'header-synonyms.csv'), 'utf8')).flatMap(
    ([word = '', path = '']) => {
      const field = [...pack.fields.keys()].find((each) => each === path);
      const key = pack.normaliseHeader(word);
      if (!field || seen.has(key)) return [];
      seen.add(key);
      return [{ word, field }];
    },
  );
}

/** The pack as it would be if nobody had written the word down. What the declaration's own schema calls a field stays. */
export function without(word: string): Pack {
  const key = pack.normaliseHeader(word);
  const rest = words.filter((each) => pack.normaliseHeader(each.word) !== key);
  return { ...pack, headerWords: makeHeaderWords(rest, pack.fields, primarySegments) };
}

export type Seen = { readonly fields: readonly FieldPath[]; readonly evidence: Evidence | 'none' };

/** What the column is taken for: beside the columns of a manifest, and of its own segment where the manifest has none of it. */
export async function columnSeen(
  word: string,
  values: readonly string[],
  { of, inPack = pack }: { of?: FieldPath; inPack?: Pack },
): Promise<Seen> {
  const segment = of?.slice(0, of.indexOf('.')) ?? '';
  const isCommon = ['', 'DecHead', 'DecLists', 'Declarant'].includes(segment);
  const others = isCommon
    ? []
    : [...pack.fields.keys()].filter((path) => path.startsWith(`${segment}.`) && path !== of);
  const at = of === undefined ? -1 : headerFields.findIndex((fields) => fields.includes(of));
  const names = header.flatMap((name, column) => (column === at ? [] : [name]));
  const table = rows.map((row, index) => {
    const cells = row.filter((_, column) => column !== at);
    return [
      ...cells,
      ...others.map((path) => valuesOf(path, pack)[0] ?? ''),
      values[index % Math.max(1, values.length)] ?? '',
    ];
  });
  const survey = await surveyBook(book('m.csv', [{ rows: [[...names, ...others, word], ...table] }]), {
    pack: inPack,
    mapping: undefined,
    firstId: 0,
  });
  const found = survey.tables[0]?.columns.find(({ header: label }) => label === word);
  return { fields: found?.fields.map(({ path }) => path) ?? [], evidence: found?.evidence ?? 'none' };
}
