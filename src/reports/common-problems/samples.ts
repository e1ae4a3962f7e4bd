/** The samples that provoke each code, shown as an example before and after. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lang, Text } from '../../model/text.ts';
import type { Example } from './entry.ts';

/** One side of a sample. What is not given is as in the base manifest (`fixtures/manifests/dalian-air-imports-utf8.csv`). */
export type SampleSide = {
  /** Header → what the cell holds; the row is the first goods line, or `line` (from 0). */
  readonly cells?: Readonly<Record<string, string>>;
  readonly line?: number;
  /** Header → what the reader found in its cell: a `CellNote` kind, or `date` for a cell that holds a date. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Header → another header in its place. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of columns that are taken away. */
  readonly without?: readonly string[];
  /** Rows after the last one, each by header. */
  readonly rows?: readonly Readonly<Record<string, string>>[];
  /** The first goods line so many times, numbered. */
  readonly times?: number;
  /** Head cells of a second declaration, below the first. */
  readonly next?: Readonly<Record<string, string>>;
  /** Two headers whose columns change places. */
  readonly swap?: readonly [string, string];
  /** The base's columns were confirmed before, these of them by hand: header → field. */
  readonly remembered?: Readonly<Record<string, string>>;
  /** The header row once more at the end. */
  readonly headerAgain?: boolean;
  /** The same rows in a second file. */
  readonly twice?: boolean;
  /** Two declarations as a head sheet and a goods sheet; of the first one a part is left out. */
  readonly split?: 'whole' | 'without-head' | 'without-lines';
  /** Cells with which it was lodged before, and what customs did then. */
  readonly lodged?: Readonly<Record<string, string>>;
  readonly then?: 'cancelled';
  readonly mapping?: object;
  /** What the cargo manifest that it is compared with lists: sheet → rows, the header first. `↑` is merged with the cell above. */
  readonly cargo?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** A further document that is asked for, as `--also` names it. */
  readonly also?: string;
  /** `Segment.Tag` or `Segment.0.Tag` → value, over the rules' base declaration; null takes a value away. */
  readonly content?: Readonly<Record<string, unknown>>;
  /** The rules' base declaration; absent: `import-air`. */
  readonly base?: string;
  /** A whole text file. */
  readonly text?: string;
  /** A whole file, as Base64. */
  readonly base64?: string;
  /** A file under `fixtures/`. */
  readonly fixture?: string;
  /** The name of a file given as `text` or `base64`. */
  readonly name?: string;
  /** The file is run through the pipeline, not only read. */
  readonly isManifest?: boolean;
  readonly options?: object;
};
export type ProblemSample = {
  readonly code: string;
  readonly before: SampleSide;
  readonly after: SampleSide;
};

const folder = fileURLToPath(new URL('../../../schemas/declarant/problem-samples/', import.meta.url));
const longest = 200;

/** Every sample of the general codes. */
export function readSamples(): readonly ProblemSample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly ProblemSample[]);
}

export type FieldTitle = (path: string) => Text | undefined;

function shown(value: unknown, lang: Lang): string {
  if (value === null || value === '') return lang === 'zh' ? '（空）' : '(empty)';
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value;
  if (Array.isArray(value))
    return value.length > 3
      ? `${shown(value[0], lang)} × ${value.length}`
      : value.map((each) => shown(each, lang)).join('; ');
  if (typeof value !== 'object') return JSON.stringify(value) ?? '';
  return Object.entries(value)
    .map(([tag, each]) => `${tag} ${shown(each, lang)}`)
    .join(', ');
}

function pathTitle(where: string, title: FieldTitle, lang: Lang): string {
  const parts = where.split('.');
  const index = parts.length === 3 ? `${Number(parts[1]) + 1} · ` : '';
  return index + (title(`${parts[0] ?? ''}.${parts.at(-1) ?? ''}`)?.[lang] ?? where);
}

function lines(side: SampleSide, title: FieldTitle, lang: Lang): readonly string[] {
  const colon = lang === 'zh' ? '：' : ': ';
  const pair = ([name, value]: readonly [string, unknown]): string => `${name}${colon}${shown(value, lang)}`;
  const content = Object.entries(side.content ?? {}).map(([where, value]) =>
    pair([pathTitle(where, title, lang), value]),
  );
  const headers = Object.entries(side.headers ?? {}).map(([, name]) =>
    lang === 'zh' ? `列名：${shown(name, lang)}` : `header: ${shown(name, lang)}`,
  );
  const without = (side.without ?? []).map((name) =>
    lang === 'zh' ? `没有列“${name}”` : `no column “${name}”`,
  );
  const mapping = side.mapping === undefined ? [] : [JSON.stringify(side.mapping)];
  const rows = (side.rows ?? []).map((row) =>
    Object.entries(row)
      .map(pair)
      .join(lang === 'zh' ? '，' : ', '),
  );
  const times =
    side.times === undefined
      ? []
      : [lang === 'zh' ? `一票 ${side.times} 项商品` : `${side.times} goods lines in one declaration`];
  const cargo = Object.entries(side.cargo ?? {}).flatMap(([sheet, listed]) =>
    listed.map((cells) => pair([sheet, cells.join(' | ')])),
  );
  return [
    ...Object.entries(side.cells ?? {}).map(pair),
    ...Object.entries(side.next ?? {}).map(pair),
    ...cargo,
    ...content,
    ...headers,
    ...without,
    ...rows,
    ...times,
    ...mapping,
    ...(side.text === undefined ? [] : [shown(side.text, lang)]),
  ];
}

/** Nothing where one of the sides cannot be shown in words: a damaged file, say. */
export function exampleOfSample(
  { before, after }: Pick<ProblemSample, 'before' | 'after'>,
  title: FieldTitle,
): Example | undefined {
  const side = (which: SampleSide): Text => ({
    zh: lines(which, title, 'zh').join('\n'),
    en: lines(which, title, 'en').join('\n'),
  });
  const example = { before: side(before), after: side(after) };
  return example.before.zh === '' || example.after.zh === '' ? undefined : example;
}
