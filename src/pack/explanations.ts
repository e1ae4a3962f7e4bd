/** What a pack says of its own problem codes: texts, sources and samples, without its code lists and validator. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../model/text.ts';
import { findPack, readJson, type PackFolder } from './pack-files.ts';
import type { ProblemText } from './pack.ts';
import { readDefaults, readRules } from './rules/index.ts';
import { type DeclarationSchema, readSchema } from './schema-fields.ts';

export type PackSample = { readonly before: object; readonly after: object };

export type PackExplanations = {
  /** The folder of the pack's own entries. */
  readonly folder: string;
  readonly texts: ReadonlyMap<string, ProblemText>;
  readonly sources: ReadonlyMap<string, string>;
  readonly fills: ReadonlyMap<string, Text>;
  readonly samples: () => ReadonlyMap<string, PackSample>;
  readonly fieldTitle: (path: string) => Text | undefined;
};

type RuleSample = { readonly code: string; readonly fails: object; readonly passes: object };
type FillSample = { readonly code: string; readonly empty: object; readonly fills: object };

function readList(folder: PackFolder, name: string): unknown {
  const file = join(folder.path, 'rule-samples', name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** Only what differs between the two sides is worth showing. */
function apart(before: object, after: object): PackSample {
  const other = new Map<string, unknown>(Object.entries(after));
  const own = new Map<string, unknown>(Object.entries(before));
  const names = [...new Set([...own.keys(), ...other.keys()])].filter(
    (name) => JSON.stringify(own.get(name)) !== JSON.stringify(other.get(name)),
  );
  const side = (from: ReadonlyMap<string, unknown>): object =>
    Object.fromEntries(names.map((name) => [name, from.get(name) ?? null]));
  return { before: side(own), after: side(other) };
}

function samplesOf(folder: PackFolder): ReadonlyMap<string, PackSample> {
  const rules = readList(folder, 'rules.json') as readonly RuleSample[];
  const fills = readList(folder, 'defaults.json') as readonly FillSample[];
  return new Map([
    ...rules.map(({ code, fails, passes }) => [code, apart(fails, passes)] as const),
    ...fills.map(
      ({ code, empty, fills: filled }) =>
        [
          code,
          apart(Object.fromEntries(Object.keys(filled).map((name) => [name, null])), { ...empty, ...filled }),
        ] as const,
    ),
  ]);
}

/** By the name of a pack that comes with the program, or by a folder. Stops (exit 2) as `loadPack` does. */
export function loadExplanations(nameOrFolder: string): PackExplanations {
  const folder = findPack(nameOrFolder);
  const rules = readRules(readJson(folder, 'rules.json', { rules: [] }));
  const defaults = readDefaults(readJson(folder, 'defaults.json', { defaults: [] }));
  const own = readJson(folder, 'problems.json', {}) as Readonly<Record<string, ProblemText>>;
  const ruleTexts = rules.map(
    ({ code, title, message, expected, remedy }) => [code, { title, message, expected, remedy }] as const,
  );
  let fields: ReturnType<typeof readSchema>['fields'] | undefined;
  const titles = (): ReadonlyMap<string, { readonly title: Text }> => {
    fields ??= readSchema(readJson(folder, 'declaration.schema.json') as DeclarationSchema).fields;
    return fields;
  };
  return {
    folder: join(folder.path, 'common-problems'),
    texts: new Map([...Object.entries(own), ...ruleTexts]),
    sources: new Map([...rules, ...defaults].map(({ code, source }) => [code, source])),
    fills: new Map(defaults.map(({ code, title }) => [code, title])),
    samples: () => samplesOf(folder),
    fieldTitle: (path) => titles().get(path)?.title,
  };
}
