/** Every key under which a code list finds an entry, and what each key means. */
import { exactKey, nameKey } from './code-key.ts';
import type { CodeEntry } from './pack.ts';

/** What a key leads to; several codes where it is ambiguous. */
type Found = {
  readonly kind: 'code' | 'name' | 'alias' | 'former-code' | 'padded';
  readonly codes: readonly string[];
};

export type CodeIndex = {
  readonly find: (text: string) => Found | undefined;
  /** Aliases that name one code of several possible ones: read so, and told. */
  readonly isAssumed: (text: string) => boolean;
};

export type IndexOptions = {
  readonly isCaseSensitive: boolean;
  /** By code alone: dots and hyphens in it do not count. */
  readonly findBy: 'code' | 'code-and-name';
  /** Codes of digits are padded with zeros to this many characters. */
  readonly padTo: number;
};

function add(index: Map<string, string[]>, key: string, code: string): void {
  if (key === '') return;
  const codes = index.get(key);
  if (codes === undefined) index.set(key, [code]);
  else if (!codes.includes(code)) codes.push(code);
}

/** `isCode`: exactly. `entries` are read once; none for a list that is found by code alone, where each code is its own key. */
export function makeIndex(
  isCode: (text: string) => boolean,
  entries: Iterable<CodeEntry>,
  assumed: readonly (readonly [alias: string, code: string])[],
  options: IndexOptions,
): CodeIndex {
  const keyOfCode = options.isCaseSensitive ? exactKey : nameKey;
  const codes = new Map<string, string[]>();
  const former = new Map<string, string[]>();
  const names = new Map<string, string[]>();
  const aliases = new Map<string, string[]>();
  const assumedKeys = new Set<string>();
  for (const entry of entries) {
    const own = keyOfCode(entry.code);
    if (own !== entry.code) add(codes, own, entry.code);
    for (const old of entry.formerCodes) add(former, keyOfCode(old), entry.code);
    add(names, nameKey(entry.zh), entry.code);
    add(names, nameKey(entry.en), entry.code);
    for (const alias of entry.aliases) add(aliases, nameKey(alias), entry.code);
  }
  for (const [alias, code] of assumed) {
    const key = nameKey(alias);
    if (names.has(key) || aliases.has(key)) continue;
    add(aliases, key, code);
    assumedKeys.add(key);
  }

  /** Old codes and codes that lost their zeros; both where they disagree. */
  const byDigits = (key: string): Found | undefined => {
    const old = former.get(key) ?? [];
    const padded = /^\d+$/u.test(key) && key.length < options.padTo ? key.padStart(options.padTo, '0') : key;
    const isPadded = padded !== key && isCode(padded);
    if (isPadded && !old.includes(padded)) return { kind: 'padded', codes: [...old, padded].sort() };
    if (isPadded) return { kind: 'padded', codes: [padded] };
    return old.length > 0 ? { kind: 'former-code', codes: old } : undefined;
  };

  const find = (text: string): Found | undefined => {
    const codeKey = keyOfCode(options.findBy === 'code' ? text.replaceAll(/[.-]/gu, '') : text);
    if (isCode(codeKey)) return { kind: 'code', codes: [codeKey] };
    const asCode = codes.get(codeKey);
    if (asCode !== undefined) return { kind: 'code', codes: asCode };
    const asDigits = byDigits(codeKey);
    if (asDigits !== undefined) return asDigits;
    const key = nameKey(text);
    const asName = names.get(key);
    const asAlias = aliases.get(key);
    // One entry's former name can be another's name of today: then nobody but the clerk knows.
    if (asName !== undefined) return { kind: 'name', codes: [...new Set([...asName, ...(asAlias ?? [])])] };
    return asAlias === undefined ? undefined : { kind: 'alias', codes: asAlias };
  };

  return { find, isAssumed: (text) => assumedKeys.has(nameKey(text)) };
}
