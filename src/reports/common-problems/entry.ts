/** One answer of the common-problem catalogue, and how it is parsed from JSON. */
import type { Lang, Text } from '../../model/text.ts';

export type Steps = Readonly<Record<Lang, readonly string[]>>;
export type Example = { readonly before: Text; readonly after: Text };

/** The JSON Schema is `schemas/declarant/common-problem.schema.json`. */
export type CommonProblem = {
  /** `area/what-is-wrong` for what the program says, `receipt/CODE` for the window's codes, `help/…` for the rest. */
  readonly id: string;
  /** A key of `schemas/declarant/common-problems/groups.json`. */
  readonly group: string;
  readonly title: Text;
  /** Literal message texts that a person may paste; `…` stands for what varies. */
  readonly words: readonly string[];
  /** Symptoms in the words that people use, in either language: only searched. */
  readonly about: readonly string[];
  /** The window's codes that this entry explains. */
  readonly receipts: readonly string[];
  readonly cause: Text;
  readonly steps: Steps;
  readonly example?: Example;
  readonly source: string;
  /** The file of the office that it comes from, where it is not ours. */
  readonly office?: string;
};

/** What a file may leave out for a code that has its texts in the problem catalogue. */
export type Supplement = { readonly id: string } & Partial<Omit<CommonProblem, 'id'>>;

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown, name: string): Text {
  if (isObject(value)) {
    const { zh, en } = value;
    if (typeof zh === 'string' && typeof en === 'string' && zh.trim() !== '' && en.trim() !== '')
      return { zh, en };
  }
  throw new TypeError(`"${name}" must hold "zh" and "en", neither empty`);
}

function listOf(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string' && each.trim() !== ''))
    return value;
  throw new TypeError(`"${name}" must be a list of texts, none empty`);
}

function stepsOf(value: unknown): Steps {
  if (!isObject(value)) throw new TypeError('"steps" must hold the lists "zh" and "en"');
  const [zh, en] = [listOf(value['zh'], 'steps.zh'), listOf(value['en'], 'steps.en')];
  if (zh.length === 0 || zh.length !== en.length)
    throw new TypeError('"steps" must have as many in "zh" as in "en", and at least one');
  return { zh, en };
}

function exampleOf(value: unknown): Example {
  if (!isObject(value)) throw new TypeError('"example" must hold "before" and "after"');
  return {
    before: textOf(value['before'], 'example.before'),
    after: textOf(value['after'], 'example.after'),
  };
}

function lineOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new TypeError(`"${name}" must be a text that is not empty`);
}

const members: Readonly<Record<string, (value: unknown, name: string) => unknown>> = {
  id: lineOf,
  group: lineOf,
  title: textOf,
  words: listOf,
  about: listOf,
  receipts: listOf,
  cause: textOf,
  steps: stepsOf,
  example: exampleOf,
  source: lineOf,
};

/** Throws `TypeError` naming the member that is wrong. `seen`, which `--learn` writes, is left out. */
function supplementOf(json: unknown): Supplement {
  if (!isObject(json)) throw new TypeError('an entry must be an object');
  const id = lineOf(json['id'], 'id');
  if (!/^[a-z][a-z0-9-]*\/\S+$/u.test(id))
    throw new TypeError(`"${id}" is no id such as office/what-is-wrong`);
  const parts = Object.entries(json).flatMap(([name, value]) => {
    if (name === 'seen') return [];
    const parse = Object.hasOwn(members, name) ? members[name] : undefined;
    if (parse === undefined) throw new TypeError(`${id}: there is no member "${name}"`);
    try {
      return [[name, parse(value, name)] as const];
    } catch (cause) {
      throw new TypeError(`${id}: ${cause instanceof Error ? cause.message : ''}`, { cause });
    }
  });
  // Each member was parsed by its own function above.
  return Object.fromEntries(parts) as Supplement;
}

/** The entries of one file: `{ "entries": […] }`. Throws `TypeError` for the first that is not as it should be. */
export function entriesOf(json: unknown): readonly Supplement[] {
  const entries = isObject(json) ? json['entries'] : undefined;
  if (!Array.isArray(entries)) throw new TypeError('the file must hold { "entries": […] }');
  return entries.map(supplementOf);
}

/** Whole, or nothing where a member that every answer needs is missing. */
export function wholeEntry(part: Supplement): CommonProblem | undefined {
  const { group, title, cause, steps, source } = part;
  if (
    group === undefined ||
    title === undefined ||
    cause === undefined ||
    steps === undefined ||
    source === undefined
  )
    return undefined;
  return {
    ...part,
    group,
    title,
    cause,
    steps,
    source,
    words: part.words ?? [],
    about: part.about ?? [],
    receipts: part.receipts ?? [],
  };
}
