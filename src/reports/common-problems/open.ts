/** The whole common-problem catalogue: our codes, the window's, the helpdesk's and the office's own. */
import type { Lang, Text } from '../../model/text.ts';
import { type CatalogueEntry, openCatalogue } from '../catalogue.ts';
import { derive } from './derive.ts';
import { type CommonProblem, type Example, wholeEntry } from './entry.ts';
import { type Folder, readFolders } from './read.ts';
import { entryForCode, entryForText, type Said } from './receipts.ts';
import { exampleOfSample, type FieldTitle, readSamples } from './samples.ts';

/** What a pack says of its own codes. */
export type PackTexts = {
  /** The folder of the pack's own entries. */
  readonly folder: string;
  readonly texts: ReadonlyMap<string, CatalogueEntry>;
  readonly sources: ReadonlyMap<string, string>;
  /** Values that are filled where a cell is empty: their titles, by code. */
  readonly fills: ReadonlyMap<string, Text>;
  /** Code → what is changed in a base declaration, before and after. Read when first asked for. */
  readonly samples: () => ReadonlyMap<string, { readonly before: object; readonly after: object }>;
  readonly fieldTitle: FieldTitle;
};

/** What a person is told about a word of the window. */
export type Advice = {
  readonly id: string;
  readonly title: string;
  readonly cause: string;
  readonly steps: readonly string[];
};

export type CommonProblems = {
  /** By id, or by a code of the window: `Z`, `CHANNEL=Z` and `receipt/Z` are the same. */
  readonly find: (name: string) => CommonProblem | undefined;
  readonly all: () => readonly CommonProblem[];
  /** By the text that came, then by its code; nothing where no entry speaks of either. */
  readonly explainReceipt: (said: Said, lang: Lang) => Advice | undefined;
  /** As `explainReceipt`, but by the text alone where there is one: a code such as “rejected” explains no text. */
  readonly explains: (said: Said) => boolean;
};

export type OpenOptions = { readonly pack: PackTexts; readonly office?: string };

/** Where our own general texts come from. */
const sourceOf: Readonly<Record<string, string>> = {
  cell: 'ECMA-376 (Office Open XML), part 1, 18.3 and 18.8.30',
  code: 'GACC code tables; docs/cli.md (declarant codes)',
  config: 'schemas/declarant/config.schema.json',
  duplicate: 'docs/ledger.md; docs/architecture.md',
  file: 'RFC 4180; WHATWG Encoding Standard; GB 18030-2022',
  group: 'docs/architecture.md',
  header: 'schemas/cn/goods-declaration/header-words.csv',
  ledger: 'docs/ledger.md',
  lodge: 'docs/architecture.md; docs/sandbox-window.md',
  mapping: 'schemas/declarant/mapping.schema.json',
  shape: 'schemas/cn/goods-declaration/declaration.schema.json (GACC Ann. 2018-67, message format)',
  sheet: 'ECMA-376 (Office Open XML), part 1, 18.3',
  value: 'GACC Ann. 2019-18 (form filling rules); schemas/cn/goods-declaration/fields.csv',
  window: 'docs/sandbox-window.md (openapi)',
  workbook: 'ECMA-376 (Office Open XML), parts 1 and 2; APPNOTE.TXT (zip)',
};

const filled = {
  cause: {
    zh: '单元格为空时，程序按固定的做法填写这个值；已填的内容绝不改动。结果里列明填了什么、依据哪一条。',
    en: 'Where the cell is empty, this value is filled in the same way every time; what a clerk wrote is never touched. The results name each filled value and its rule.',
  },
  steps: {
    zh: ['在结果里核对填入的值。', '不对时，在单元格里写上正确的值，再运行一次。'],
    en: [
      'Compare the filled value in the results.',
      'Where it is wrong, write the right value into the cell and run again.',
    ],
  },
};

export function openCommonProblems({ pack, office }: OpenOptions): CommonProblems {
  const catalogue = openCatalogue({ extra: pack.texts });
  const folders: Folder[] = [
    { path: pack.folder },
    ...(office === undefined ? [] : [{ path: office, isOffice: true } as const]),
  ];
  const written = readFolders(folders);
  let samples: ReadonlyMap<string, Example> | undefined;
  let everything: readonly CommonProblem[] | undefined;

  function examples(): ReadonlyMap<string, Example> {
    if (samples !== undefined) return samples;
    const found = new Map<string, Example>();
    const packs = [...pack.samples()].map(([code, { before, after }]) => ({
      code,
      before: { content: before },
      after: { content: after },
    }));
    for (const { code, before, after } of [...readSamples(), ...packs]) {
      const example = exampleOfSample({ before: before as object, after: after as object }, pack.fieldTitle);
      if (example !== undefined && !found.has(code)) found.set(code, example);
    }
    samples = found;
    return found;
  }

  function byId(id: string): CommonProblem | undefined {
    const own = written.get(id);
    const entry = catalogue.find(id);
    if (entry !== undefined) {
      const source = pack.sources.get(id) ?? sourceOf[id.split('/')[0] ?? ''] ?? 'docs/cli.md';
      return derive(id, { entry, source, example: examples().get(id) }, own);
    }
    const title = pack.fills.get(id);
    if (title === undefined) return own === undefined ? undefined : wholeEntry(own);
    const example = examples().get(id);
    return {
      id,
      group: 'default',
      title,
      words: [],
      about: [],
      receipts: [],
      ...filled,
      source: pack.sources.get(id) ?? '',
      ...(example === undefined ? {} : { example }),
      ...own,
    };
  }

  const all = (): readonly CommonProblem[] => {
    everything ??= [...new Set([...written.keys(), ...catalogue.codes(), ...pack.fills.keys()])].flatMap(
      (id) => byId(id) ?? [],
    );
    return everything;
  };
  /** What speaks of the window: no derived entry does, so none is made. */
  const spoken = [...written.values()].flatMap((own) => wholeEntry(own) ?? []);

  return {
    all,
    find: (name) => byId(name) ?? entryForCode(spoken, name),
    explainReceipt({ code = '', text = '' }, lang) {
      const entry = entryForText(spoken, text) ?? (code === '' ? undefined : entryForCode(spoken, code));
      return (
        entry && {
          id: entry.id,
          title: entry.title[lang],
          cause: entry.cause[lang],
          steps: entry.steps[lang],
        }
      );
    },
    explains: ({ code = '', text = '' }) =>
      (text.trim() === '' ? entryForCode(spoken, code) : entryForText(spoken, text)) !== undefined,
  };
}
