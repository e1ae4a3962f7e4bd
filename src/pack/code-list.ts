/** A code list: read when it is first asked, found by code, name, alias or old code. */
import type { Text } from '../model/text.ts';
import { openEntries } from './code-entries.ts';
import { makeIndex } from './code-index.ts';
import type { CodeIndex, IndexOptions } from './code-index.ts';
import { nameKey } from './code-key.ts';
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
  /** It is a code of this list, exactly. */
  readonly has: (code: string) => boolean;
  /** It was a code, and is no more. */
  readonly isWithdrawn: (code: string) => boolean;
  /** The text is only assumed to mean its code (`PCS`). */
  readonly isAssumed: (text: string) => boolean;
  /** It looks like a code of this list, though it may not be in it. */
  readonly hasForm: (text: string) => boolean;
};

/** Different near misses that get candidates; past it a run has other worries, and stays fast. */
const suggestionsPerRun = 2000;

/** `path` is the list's CSV: code, zh, en, aliases, former, status. */
export function openCodeList(name: string, info: CodeListInfo, path: string): PackCodeList {
  const file = openEntries(path);
  let whole: ReturnType<typeof file.all> | undefined;
  let index: CodeIndex | undefined;
  let sortedCodes: readonly string[] | undefined;
  const form = info.codeForm === undefined ? undefined : new RegExp(info.codeForm, 'u');
  const suggested = new Map<string, readonly CodeEntry[]>();
  const all = (): ReadonlyMap<string, CodeEntry> => (whole ??= file.all()).entries;
  const indexed = (): CodeIndex => {
    if (index !== undefined) return index;
    const findBy: IndexOptions['findBy'] = info.findBy ?? 'code-and-name';
    const options = { isCaseSensitive: info.isCaseSensitive ?? false, findBy, padTo: info.padTo ?? 0 };
    const entries = findBy === 'code' ? [] : all().values();
    index = makeIndex((text) => file.codes().has(text), entries, whole?.assumed ?? [], options);
    return index;
  };
  const entriesOf = (codes: readonly string[]): CodeEntry[] =>
    codes.map(file.get).filter((entry) => entry !== undefined);
  const bestFor = (text: string, limit: number): readonly CodeEntry[] => {
    if (info.findBy !== 'code') return suggestFrom(all().values(), text, limit);
    sortedCodes ??= [...file.codes().keys()].sort();
    return entriesOf(suggestByPrefix(sortedCodes, nameKey(text).replaceAll(/[.-]/gu, ''), limit));
  };

  return {
    name,
    title: info.title,
    source: info.source,
    edition: info.edition,
    isComplete: info.isComplete,
    get size() {
      return file.codes().size;
    },
    has: (code) => file.codes().has(code),
    isWithdrawn: (code) => file.withdrawn().has(code),
    get: file.get,
    find(text) {
      if (file.codes().has(text)) return { kind: 'code', code: text };
      const found = indexed().find(text);
      const [code, second] = found?.codes ?? [];
      if (found === undefined || code === undefined) return { kind: 'none' };
      return second === undefined
        ? { kind: found.kind, code }
        : { kind: 'ambiguous', candidates: entriesOf(found.codes) };
    },
    suggest(text, limit) {
      const key = `${limit} ${text}`;
      const known = suggested.get(key);
      if (known !== undefined) return known;
      if (suggested.size >= suggestionsPerRun) return [];
      const best = bestFor(text, limit);
      suggested.set(key, best);
      return best;
    },
    *search(query) {
      const key = nameKey(query);
      for (const entry of all().values()) {
        const texts = [entry.code, entry.zh, entry.en, ...entry.aliases];
        if (key === '' || texts.some((text) => nameKey(text).includes(key))) yield entry;
      }
    },
    isAssumed: (text) => indexed().isAssumed(text),
    hasForm: (text) => form?.test(text) ?? false,
  };
}
