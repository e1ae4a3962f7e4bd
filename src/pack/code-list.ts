/** A code list: read when it is first asked, found by code, name, alias or old code. */
import { readFileSync } from 'node:fs';
import type { Text } from '../model/text.ts';
import { makeIndex } from './code-index.ts';
import type { CodeIndex } from './code-index.ts';
import { nameKey } from './code-key.ts';
import { csvRows } from './csv-rows.ts';
import type { CodeEntry, CodeList } from './pack.ts';
import { suggestByPrefix, suggestFrom } from './suggest.ts';

/** One entry of `codes.json`. */
export type CodeListInfo = {
  readonly title: Text;
  readonly source: string;
  readonly edition: string;
  readonly isComplete: boolean;
  /** Codes of digits are padded with zeros to this many characters. */
  readonly padTo?: number;
  readonly isCaseSensitive?: boolean;
  /** `code`: names are shown, and never looked up: they are not unique. */
  readonly findBy?: 'code';
  /** What a code looks like; given for incomplete lists, where another code only warns. */
  readonly codeForm?: string;
};

/** A code list, and what parsing and checking need beside the contract. */
export type PackCodeList = CodeList & {
  /** The text is only assumed to mean its code (`PCS`). */
  readonly isAssumed: (text: string) => boolean;
  /** It looks like a code of this list, though it may not be in it. */
  readonly hasForm: (text: string) => boolean;
};

/** Different near misses that get candidates; past it a run has other worries, and stays fast. */
const suggestionsPerRun = 2000;

type Loaded = { readonly entries: Map<string, CodeEntry>; readonly assumed: (readonly [string, string])[] };

const none: readonly string[] = [];

function load(path: string): Loaded {
  const entries = new Map<string, CodeEntry>();
  const assumed: (readonly [string, string])[] = [];
  for (const [code = '', zh = '', en = '', aliasText = '', formerText = '', status = ''] of csvRows(
    readFileSync(path, 'utf8'),
  )) {
    let aliases = aliasText === '' ? none : aliasText.split('|');
    if (aliasText.includes('~')) {
      for (const alias of aliases) if (alias.startsWith('~')) assumed.push([alias.slice(1), code]);
      aliases = aliases.filter((alias) => !alias.startsWith('~'));
    }
    const formerCodes = formerText === '' ? none : formerText.split('|');
    entries.set(
      code,
      status === '' ? { code, zh, en, aliases, formerCodes } : { code, zh, en, aliases, formerCodes, status },
    );
  }
  return { entries, assumed };
}

/** `path` is the list's CSV: code, zh, en, aliases, former, status. */
export function openCodeList(name: string, info: CodeListInfo, path: string): PackCodeList {
  let loaded: Loaded | undefined;
  let index: CodeIndex | undefined;
  let sortedCodes: readonly string[] | undefined;
  const form = info.codeForm === undefined ? undefined : new RegExp(info.codeForm, 'u');
  const suggested = new Map<string, readonly CodeEntry[]>();
  const all = (): Loaded => (loaded ??= load(path));
  const indexed = (): CodeIndex => {
    const { entries, assumed } = all();
    return (index ??= makeIndex(entries, assumed, {
      isCaseSensitive: info.isCaseSensitive ?? false,
      findBy: info.findBy ?? 'code-and-name',
      padTo: info.padTo ?? 0,
    }));
  };
  const entriesOf = (codes: readonly string[]): CodeEntry[] =>
    codes.map((code) => all().entries.get(code)).filter((entry) => entry !== undefined);

  return {
    name,
    title: info.title,
    source: info.source,
    edition: info.edition,
    isComplete: info.isComplete,
    get size() {
      return all().entries.size;
    },
    get: (code) => all().entries.get(code),
    find(text) {
      if (all().entries.has(text)) return { kind: 'code', code: text };
      const found = indexed().find(text);
      if (found === undefined) return { kind: 'none' };
      const [code, second] = found.codes;
      if (code === undefined) return { kind: 'none' };
      return second === undefined
        ? { kind: found.kind, code }
        : { kind: 'ambiguous', candidates: entriesOf(found.codes) };
    },
    suggest(text, limit) {
      const key = `${limit} ${text}`;
      const known = suggested.get(key);
      if (known !== undefined) return known;
      if (suggested.size >= suggestionsPerRun) return [];
      sortedCodes ??= [...all().entries.keys()].sort();
      const best =
        info.findBy === 'code'
          ? entriesOf(suggestByPrefix(sortedCodes, nameKey(text).replaceAll(/[.\-]/gu, ''), limit))
          : suggestFrom(all().entries.values(), text, limit);
      suggested.set(key, best);
      return best;
    },
    *search(query) {
      const key = nameKey(query);
      for (const entry of all().entries.values()) {
        const texts = [entry.code, entry.zh, entry.en, ...entry.aliases];
        if (key === '' || texts.some((text) => nameKey(text).includes(key))) yield entry;
      }
    },
    isAssumed: (text) => indexed().isAssumed(text),
    hasForm: (text) => form?.test(text) ?? false,
  };
}
