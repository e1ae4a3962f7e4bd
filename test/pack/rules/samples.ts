/** Reads the sample declarations and their patches, and compiles the pack's rules over the real field list. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DeclarationContent, FieldPath } from '../../../src/model/declaration.ts';
import type { Segment } from '../../../src/pack/pack.ts';
import { compileDefaults, compileRules, type RuleDeps } from '../../../src/pack/rules/index.ts';

const folder = path.join(import.meta.dirname, '../../../schemas/cn/goods-declaration');

const texts = new Map<string, string>();

export function readJson(name: string): unknown {
  const text = texts.get(name) ?? readFileSync(path.join(folder, name), 'utf8');
  texts.set(name, text);
  return JSON.parse(text);
}

export type Patch = Readonly<Record<string, string | null | DeclarationContent[string]>>;
export type RuleSample = { code: string; base: string; passes: Patch; fails: Patch };
export type DefaultSample = {
  code: string;
  base: string;
  empty: Patch;
  fills: Record<string, string>;
  keeps: Patch;
};

const once = new Set(['Declarant', 'DecHead', 'DecFreeTxt', 'DecSign']);

function readSegments(): ReadonlyMap<string, Segment> {
  const tags = new Map<string, string[]>();
  for (const line of readFileSync(path.join(folder, 'fields.csv'), 'utf8').split('\n').slice(1)) {
    const [segment = '', tag = ''] = line.split(',');
    if (segment !== '') tags.set(segment, [...(tags.get(segment) ?? []), tag]);
  }
  return new Map(
    [...tags].map(([name, names]) => [
      name,
      {
        name,
        title: { zh: name, en: name },
        kind: once.has(name) ? 'once' : 'list',
        level: 'head',
        tags: names,
      },
    ]),
  );
}

const directionField: FieldPath = 'DecHead.IEFlag';

export const deps: RuleDeps = {
  codeList: () => undefined,
  segments: readSegments(),
  direction: { field: directionField, import: 'I', export: 'E' },
};

export const today = '20260108';
export const checkRules = compileRules(readJson('rules.json'), deps);
export const complete = compileDefaults(readJson('defaults.json'), deps);

/** A base declaration with a patch: `Segment.Tag`, `Segment.0.Tag` or a whole `Segment`; null takes a value away. */
export function declaration(base: string, ...patches: readonly Patch[]): DeclarationContent {
  const content = readJson(`rule-samples/base-${base}.json`) as DeclarationContent;
  for (const [where, value] of patches.flatMap((patch) => Object.entries(patch))) {
    const [segment = '', ...rest] = where.split('.');
    const tag = rest.at(-1);
    if (tag === undefined) {
      if (value !== null && typeof value === 'object') content[segment] = structuredClone(value);
      continue;
    }
    const part = content[segment];
    const entry = Array.isArray(part) ? part[Number(rest[0])] : part;
    if (entry === undefined) throw new Error(`the sample has no ${where}`);
    if (typeof value === 'string') entry[tag] = value;
    else delete entry[tag];
  }
  return content;
}

export function codesOf(content: DeclarationContent): readonly string[] {
  return [...new Set(checkRules(content, { today }).map(({ code }) => code))];
}
