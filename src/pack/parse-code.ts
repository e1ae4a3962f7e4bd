/** A cell of a field with a code list: a code, a name, an old code, or code and name glued together. */
import type { PackCodeList } from './code-list.ts';
import { nameKey } from './code-key.ts';
import type { CodeEntry } from './pack.ts';
import { visible } from './parse-text.ts';
import type { CellIssue, Parsed } from './parse-text.ts';

/** `CHN 中国`: what a person reads as one candidate. */
export function named(entry: CodeEntry): string {
  return `${entry.code} ${entry.zh || entry.en}`;
}

/** Facts that every word about a code list carries: its name as `declarant codes` knows it, and its titles. */
export function listFacts(list: PackCodeList): {
  readonly list: string;
  readonly listZh: string;
  readonly listEn: string;
} {
  return { list: list.name, listZh: list.title.zh, listEn: list.title.en };
}

/** Both orders of code and name, with a separator, a bracket, or nothing between letters and Chinese. */
function pieces(text: string): readonly [string, string][] {
  const found: [string, string][] = [];
  const bracket = /^(.+?)\s*[([【]\s*(.+?)\s*[)\]】]$/u.exec(text);
  if (bracket !== null) found.push([bracket[1] ?? '', bracket[2] ?? '']);
  const tight =
    /^([0-9A-Za-z]+)([^0-9A-Za-z\s].*)$/u.exec(text) ?? /^(.*[^0-9A-Za-z\s])([0-9A-Za-z]+)$/u.exec(text);
  if (tight !== null) found.push([tight[1] ?? '', (tight[2] ?? '').replace(/^[-_:/|,;.]+/u, '')]);
  const apart = /^(\S+?)\s*[\s\-_:/|,;]\s*(\S.*)$/u.exec(text);
  if (apart !== null) found.push([apart[1] ?? '', apart[2] ?? '']);
  const last = /^(.*\S)\s*[\s\-_:/|,;]\s*(\S+)$/u.exec(text);
  if (last !== null) found.push([last[1] ?? '', last[2] ?? '']);
  return found.filter(([one, other]) => one !== '' && other !== '');
}

function codesOf(list: PackCodeList, text: string): readonly string[] {
  const match = list.find(text);
  if (match.kind === 'none') return [];
  return match.kind === 'ambiguous' ? match.candidates.map(({ code }) => code) : [match.code];
}

/** The name says the same as the entry's, but shorter or longer. */
function saysSame(entry: CodeEntry | undefined, text: string): boolean {
  const key = nameKey(text);
  return (
    entry !== undefined &&
    [entry.zh, entry.en, ...entry.aliases]
      .map(nameKey)
      .some((name) => name.length > 1 && key.length > 1 && (name.includes(key) || key.includes(name)))
  );
}

function glued(list: PackCodeList, text: string): Parsed | undefined {
  let disagreement: Parsed | undefined;
  for (const [left, right] of pieces(text)) {
    const [one, other] = [codesOf(list, left), codesOf(list, right)];
    const shared = one.filter((code) => other.includes(code));
    if (shared[0] !== undefined && shared.length === 1) return { value: shared[0] };
    const [found, rest] = one.length === 1 ? [one[0] ?? '', right] : [other[0] ?? '', left];
    if (one.length + other.length === 1) {
      if (saysSame(list.get(found), rest)) return { value: found };
      const key = nameKey(rest === right ? left : right);
      const isPlainCode = (found.length > 1 && key === found) || /^[A-Z]{3,}$/u.test(key);
      const entry = list.get(found);
      if (isPlainCode && entry !== undefined) {
        disagreement ??= {
          value: found,
          issues: [
            {
              code: 'code/rest-ignored',
              severity: 'warning',
              facts: { ...listFacts(list), used: named(entry), rest },
            },
          ],
        };
      }
    } else if (one.length > 0 && other.length > 0 && shared.length === 0) {
      const both = [...one, ...other].map((code) => list.get(code)).filter((entry) => entry !== undefined);
      return {
        value: text,
        issues: [
          {
            code: 'code/disagree',
            severity: 'error',
            facts: { ...listFacts(list), candidates: both.slice(0, 4).map(named) },
          },
        ],
      };
    }
  }
  return disagreement;
}

function note(
  code: CellIssue['code'],
  severity: CellIssue['severity'],
  list: PackCodeList,
  value: string,
): Parsed {
  const entry = list.get(value);
  return {
    value,
    issues: [
      { code, severity, facts: { ...listFacts(list), used: entry === undefined ? value : named(entry) } },
    ],
  };
}

/** What is said of a text that no entry answers to: incomplete lists leave a code that looks right to the shape check's warning. */
export function unknownCode(list: PackCodeList, text: string): CellIssue | undefined {
  if (list.isWithdrawn(text)) return { code: 'code/withdrawn', severity: 'error', facts: listFacts(list) };
  if (!list.isComplete && list.hasForm(text)) return undefined;
  const suggestions = list.suggest(text, 3).map(named);
  return { code: 'code/unknown', severity: 'error', facts: { ...listFacts(list), suggestions } };
}

export function parseCode(list: PackCodeList, text: string): Parsed {
  const shown = visible(text);
  const match = list.find(shown);
  switch (match.kind) {
    case 'code':
    case 'name':
      return { value: match.code };
    case 'alias':
      return list.isAssumed(shown)
        ? note('code/assumed', 'warning', list, match.code)
        : { value: match.code };
    case 'former-code':
      return note('code/former', 'info', list, match.code);
    case 'padded':
      return note('code/padded', 'info', list, match.code);
    case 'ambiguous':
      return {
        value: shown,
        issues: [
          {
            code: 'code/ambiguous',
            severity: 'error',
            facts: { ...listFacts(list), candidates: match.candidates.slice(0, 6).map(named) },
          },
        ],
      };
    case 'none':
      break;
  }
  const parsed = glued(list, shown.normalize('NFKC'));
  if (parsed !== undefined) return parsed;
  const issue = unknownCode(list, shown);
  return issue === undefined ? { value: shown } : { value: shown, issues: [issue] };
}

/** Several codes in one cell, in the field's own separator. */
export function parseCodes(list: PackCodeList, text: string, separator: string): Parsed {
  const parts = visible(text)
    .split(/[,，;；、|]+/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const parsed = parts.map((part) => parseCode(list, part));
  const issues = parsed.flatMap((one) => one.issues ?? []);
  const value = parsed.map((one) => one.value).join(separator);
  return issues.length === 0 ? { value } : { value, issues };
}
