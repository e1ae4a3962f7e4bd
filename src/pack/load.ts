/** Loads a pack: its data files made into the functions and maps that a run needs, once. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProblemCode } from '../model/problem.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { openCodeList } from './code-list.ts';
import type { CodeListInfo, PackCodeList } from './code-list.ts';
import { makeRephrase } from './header-parts.ts';
import { makeHeaderWords, normaliseHeader, readHeaderWords } from './header-words.ts';
import { makeOpenWords } from './open-words.ts';
import { makeKeywords } from './keywords.ts';
import type { Keywords } from './keywords.ts';
import { findPack, readJson, readText } from './pack-files.ts';
import type { PackFolder, PackInfo } from './pack-files.ts';
import type { Pack, ProblemText } from './pack.ts';
import { makeParseCell } from './parse-cell.ts';
import { compileDefaults, compileRules, readDefaults, ruleTexts } from './rules/index.ts';
import { readSchema } from './schema-fields.ts';
import type { DeclarationSchema } from './schema-fields.ts';
import { makeCheckShape } from './shape.ts';
import type { ShapeValidator } from './shape.ts';

/** Built-in packs bring their validator as code; a folder of the user's is data alone, and compiled here. */
async function validatorOf(
  folder: PackFolder,
  schema: DeclarationSchema,
  keywords: Keywords,
): Promise<ShapeValidator> {
  if (folder.isBuiltIn) {
    const made = (await import(pathToFileURL(join(folder.path, 'validator.generated.js')).href)) as {
      makeValidator: (keywords: Keywords) => ShapeValidator;
    };
    return made.makeValidator(keywords);
  }
  const { compileSchema } = await import('./compile-schema.ts');
  return compileSchema(schema, keywords) as ShapeValidator;
}

function openLists(folder: PackFolder): Map<string, PackCodeList> {
  const infos = readJson(folder, 'codes.json', {}) as Readonly<Record<string, CodeListInfo>>;
  const lists = new Map<string, PackCodeList>();
  for (const [name, info] of Object.entries(infos)) {
    lists.set(name, openCodeList(name, info, join(folder.path, 'codes', `${name}.csv`)));
  }
  return lists;
}

function problemsOf(folder: PackFolder, rules: unknown): Map<ProblemCode, ProblemText> {
  const own = readJson(folder, 'problems.json', {}) as Readonly<Record<ProblemCode, ProblemText>>;
  return new Map([...(Object.entries(own) as [ProblemCode, ProblemText][]), ...ruleTexts(rules)]);
}

async function load(folder: PackFolder): Promise<Pack> {
  const info = readJson(folder, 'pack.json') as PackInfo;
  const schema = readJson(folder, 'declaration.schema.json') as DeclarationSchema;
  const { segments, fields } = readSchema(schema);
  const lists = openLists(folder);
  const rules = readJson(folder, 'rules.json', { rules: [] });
  const defaults = readJson(folder, 'defaults.json', { defaults: [] });
  const words = readHeaderWords(readText(folder, 'header-words.csv'));
  const deps = { codeList: (name: string) => lists.get(name), segments, direction: info.direction };
  const validate = await validatorOf(folder, schema, makeKeywords(lists));
  return {
    name: info.name,
    version: info.version,
    title: info.title,
    utcOffsetMinutes: info.utcOffsetMinutes,
    segments,
    fields,
    direction: info.direction,
    identity: info.identity,
    ...(info.shipment === undefined ? {} : { shipment: info.shipment }),
    ...(info.documents === undefined ? {} : { documents: info.documents }),
    codeLists: lists,
    headerWords: makeHeaderWords(words, fields, info.primarySegments ?? []),
    openWords: makeOpenWords(words, readJson(folder, 'open-words.json', { meanings: [] }), fields),
    normaliseHeader,
    rephraseHeader: makeRephrase(readText(folder, 'header-parts.csv', 'part,means\n')),
    parseCell: makeParseCell(fields, lists),
    fillable: new Set(readDefaults(defaults).flatMap((rule) => rule.fields)),
    complete: compileDefaults(defaults, deps),
    checkShape: makeCheckShape(validate, { segments, fields, lists }),
    checkRules: compileRules(rules, deps),
    problems: problemsOf(folder, rules),
    window: info.window,
  };
}

/** By the name of a pack that comes with the program, or by a folder. Stops (exit 2) where it is not there, or is no pack. */
export async function loadPack(nameOrFolder: string): Promise<Pack> {
  const folder = findPack(nameOrFolder);
  try {
    return await load(folder);
  } catch (cause) {
    // What is wrong in a pack that comes with the program is our fault: a defect.
    if (cause instanceof Stop || folder.isBuiltIn) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Stop('pack/broken', exitCode.usage, { facts: { file: folder.path, reason }, cause });
  }
}
