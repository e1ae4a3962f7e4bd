/** The problem catalogue: code and facts in, sentences out, in the reader's language. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Fact, Problem } from '../model/problem.ts';
import { cellName } from '../model/row.ts';
import type { Lang, Text } from '../model/text.ts';
import { beijingClock, momentText } from './moment.ts';
import type { RenderedProblem } from './report.ts';

export type CatalogueEntry = {
  readonly title: Text;
  /** `{name}` stands for a fact, or for the problem's `value`, `header`, `field` or `cell`. */
  readonly message: Text;
  readonly expected: Text;
  readonly remedy: Text;
};

export type Catalogue = {
  readonly find: (code: string) => CatalogueEntry | undefined;
  /** Every code with a text, in alphabetical order. */
  readonly codes: () => readonly string[];
  /** Never throws: a code without a text is shown as it is, with its facts. */
  readonly render: (problem: Problem, lang: Lang) => RenderedProblem;
};

export type CatalogueOptions = {
  /** The pack's texts: they win over the general ones. */
  readonly extra?: ReadonlyMap<string, CatalogueEntry>;
  readonly fieldTitle?: (path: string) => Text | undefined;
  /** What the common-problem catalogue knows of a rejection's own code and text. */
  readonly advise?: Advise;
};

export type Advise = (
  said: { readonly code: string; readonly text: string },
  lang: Lang,
) => { readonly id: string; readonly steps: readonly string[] } | undefined;

const folder = new URL('../../schemas/declarant/problems/', import.meta.url);
/** A value longer than this is cut in a sentence; the result line holds the whole of it. Facts may be paths: they get more room. */
const longestValue = 80;
const longestFact = 1000;

function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

function isEntry(value: unknown): value is CatalogueEntry {
  if (typeof value !== 'object' || value === null) return false;
  const parts = new Map(Object.entries(value));
  return ['title', 'message', 'expected', 'remedy'].every((part) => isText(parts.get(part)));
}

function readEntries(into: Map<string, CatalogueEntry>, name: string): void {
  const content: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  if (typeof content !== 'object' || content === null) return;
  for (const [code, entry] of Object.entries(content)) if (isEntry(entry)) into.set(code, entry);
}

/** Reads each file of the general catalogue once, when a code of its area is first shown. */
export function openCatalogue(options: CatalogueOptions = {}): Catalogue {
  const known = new Map<string, CatalogueEntry>();
  let unread: string[] | undefined;

  function find(code: string): CatalogueEntry | undefined {
    const found = options.extra?.get(code) ?? known.get(code);
    if (found !== undefined) return found;
    unread ??= readdirSync(folder).filter((name) => name.endsWith('.json'));
    const ownFile = `${code.split('/')[0]}.json`;
    unread.sort((left, right) => Number(right === ownFile) - Number(left === ownFile));
    while (unread.length > 0) {
      readEntries(known, unread.shift() ?? ownFile);
      const entry = known.get(code);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  return {
    find,
    codes() {
      find('');
      return [...new Set([...known.keys(), ...(options.extra?.keys() ?? [])])].sort();
    },
    render(problem, lang) {
      const entry = find(problem.code);
      if (entry === undefined) return withoutText(problem);
      const words = wordsOf(problem, lang, options.fieldTitle);
      return {
        title: fill(entry.title[lang], words),
        message: fill(entry.message[lang], words),
        expected: fill(entry.expected[lang], words),
        remedy: adviceFor(problem, lang, options.advise) ?? fill(entry.remedy[lang], words),
      };
    },
  };
}

/** Where the window rejected and an entry speaks of its very words: the entry's steps, and where to read on. */
function adviceFor(problem: Problem, lang: Lang, advise: Advise | undefined): string | undefined {
  if (problem.code !== 'lodge/rejected') return undefined;
  const { windowCode = '', receiptCode = '', message = '' } = problem.facts ?? {};
  // A complaint has a code of its own; where nobody knows it, the receipt's code says at least what kind it is.
  const advice =
    advise?.({ code: String(windowCode), text: String(message) }, lang) ??
    advise?.({ code: String(receiptCode), text: '' }, lang);
  return advice && `${advice.steps.join(' ')} [declarant explain ${advice.id}]`;
}

function shown(fact: Fact, lang: Lang, limit = longestFact): string {
  if (typeof fact === 'object') {
    if (fact.length === 0) return lang === 'zh' ? '（无）' : '(none)';
    return fact.map((each) => shown(each, lang)).join(lang === 'zh' ? '、' : ', ');
  }
  const text = String(fact);
  if (text === '') return lang === 'zh' ? '（空）' : '(empty)';
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/u, '')}…` : text;
}

/** Facts that are moments where they look like one; never a value of somebody's cell. */
const moments: ReadonlySet<string> = new Set(['at', 'since']);

function asMoment(fact: Fact): Fact {
  return typeof fact === 'string' && beijingClock(fact) !== undefined ? momentText(fact) : fact;
}

function wordsOf(
  problem: Problem,
  lang: Lang,
  fieldTitle: CatalogueOptions['fieldTitle'],
): Map<string, string> {
  const words = new Map<string, string>();
  // A list may hold fields: people know them by their titles.
  const titled = (fact: Fact): Fact =>
    typeof fact === 'object' ? fact.map((each) => fieldTitle?.(each)?.[lang] ?? each) : fact;
  for (const [name, fact] of Object.entries(problem.facts ?? {}))
    words.set(name, shown(moments.has(name) ? asMoment(fact) : titled(fact), lang));
  const cell = cellOf(problem);
  const field =
    problem.field === undefined ? problem.header : (fieldTitle?.(problem.field)?.[lang] ?? problem.field);
  const own = {
    value: problem.value ?? '',
    header: problem.header ?? field ?? '',
    field: field ?? '',
    cell: cell ?? '',
  };
  for (const [name, text] of Object.entries(own))
    if (text !== '' || !words.has(name)) words.set(name, shown(text, lang, longestValue));
  return words;
}

/** `F12`, or nothing where no single cell is meant. */
export function cellOf(problem: Problem): string | undefined {
  if (problem.row === undefined || problem.column === undefined) return undefined;
  return cellName(problem.column, problem.row.line);
}

function fill(template: string, words: ReadonlyMap<string, string>): string {
  return template.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/gu, (_whole, name: string) => words.get(name) ?? '…');
}

function withoutText(problem: Problem): RenderedProblem {
  const facts = Object.entries(problem.facts ?? {}).map(([name, fact]) => `${name}: ${shown(fact, 'en')}`);
  return { title: problem.code, message: [problem.code, ...facts].join('; '), expected: '', remedy: '' };
}
