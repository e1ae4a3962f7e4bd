/** The file of a code list: code, zh, en, aliases, former, status, one line a code. */
import { readFileSync } from 'node:fs';
import { csvCells } from './csv-rows.ts';
import type { CodeEntry } from './pack.ts';

const none: readonly string[] = [];

type Lines = { readonly inForce: Map<string, number>; readonly withdrawn: Set<string> };

/** Where each code's line begins in the file's text: enough to know a code, and 12,000 of them in a few milliseconds. */
function linesByCode(text: string): Lines {
  const inForce = new Map<string, number>();
  const withdrawn = new Set<string>();
  for (
    let start = text.indexOf('\n') + 1;
    start > 0 && start < text.length;
    start = text.indexOf('\n', start) + 1
  ) {
    const code = text.slice(start, text.indexOf(',', start));
    if (text.startsWith(',abolished', text.indexOf('\n', start) - 10)) withdrawn.add(code);
    else inForce.set(code, start);
  }
  return { inForce, withdrawn };
}

type Line = { readonly entry: CodeEntry; readonly assumed: readonly string[] };

/** Aliases that begin with `~` only assume the code. */
function readLine(line: string): Line {
  const [code = '', zh = '', en = '', aliasText = '', formerText = '', status = ''] = csvCells(line);
  const all = aliasText === '' ? none : aliasText.split('|');
  const aliases = all.filter((alias) => !alias.startsWith('~'));
  const assumed = all.filter((alias) => alias.startsWith('~')).map((alias) => alias.slice(1));
  const formerCodes = formerText === '' ? none : formerText.split('|');
  return { entry: { code, zh, en, aliases, formerCodes, ...(status !== '' && { status }) }, assumed };
}

/** A list's file, opened on first use; each entry is read when it is asked for, and kept. */
export type CodeEntries = {
  /** The codes in force. */
  readonly codes: () => ReadonlyMap<string, unknown>;
  readonly withdrawn: () => ReadonlySet<string>;
  readonly get: (code: string) => CodeEntry | undefined;
  /** Everything, with the aliases that only assume a code. */
  readonly all: () => {
    readonly entries: ReadonlyMap<string, CodeEntry>;
    readonly assumed: readonly (readonly [alias: string, code: string])[];
  };
};

export function openEntries(path: string): CodeEntries {
  let text = '';
  let lines: Lines | undefined;
  const entries = new Map<string, CodeEntry>();
  const read = (): Lines => {
    if (lines !== undefined) return lines;
    text = readFileSync(path, 'utf8').replace(/^\ufeff/u, '');
    if (text.includes('\r')) text = text.replaceAll('\r\n', '\n');
    if (!text.endsWith('\n')) text += '\n';
    lines = linesByCode(text);
    return lines;
  };
  const lineAt = (start: number): Line => readLine(text.slice(start, text.indexOf('\n', start)));
  return {
    codes: () => read().inForce,
    withdrawn: () => read().withdrawn,
    get(code) {
      const known = entries.get(code);
      if (known !== undefined) return known;
      const start = read().inForce.get(code);
      if (start === undefined) return undefined;
      const { entry } = lineAt(start);
      entries.set(code, entry);
      return entry;
    },
    all() {
      const every = new Map<string, CodeEntry>();
      const assumed: (readonly [string, string])[] = [];
      for (const [code, start] of read().inForce) {
        const line = lineAt(start);
        every.set(code, line.entry);
        for (const alias of line.assumed) assumed.push([alias, code]);
      }
      return { entries: every, assumed };
    },
  };
}
