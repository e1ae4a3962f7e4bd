/** What the cross-field rules cost for one declaration of four goods lines, beside JSON.stringify of the same declaration. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DeclarationContent } from '../src/model/declaration.ts';
import type { Segment } from '../src/pack/pack.ts';
import { compileDefaults, compileRules, type RuleDeps } from '../src/pack/rules/index.ts';

const folder = path.join(import.meta.dirname, '../schemas/cn/goods-declaration');
const readJson = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

const tags = new Map<string, string[]>();
for (const line of readFileSync(path.join(folder, 'fields.csv'), 'utf8').split('\n').slice(1)) {
  const [segment = '', tag = ''] = line.split(',');
  tags.set(segment, [...(tags.get(segment) ?? []), tag]);
}
const lists = new Set(['DecLists', 'DecContainers', 'DecLicenseDocus', 'EcoRelation', 'EdocRealation']);
const segments = new Map<string, Segment>(
  [...tags].map(([name, names]) => [
    name,
    {
      name,
      title: { zh: name, en: name },
      kind: lists.has(name) ? 'list' : 'once',
      level: 'head',
      tags: names,
    },
  ]),
);
const deps: RuleDeps = {
  codeList: () => undefined,
  segments,
  direction: { field: 'DecHead.IEFlag', import: 'I', export: 'E' },
};

const context = { today: '20260108' };
const checkRules = compileRules(readJson('rules.json'), deps);
const complete = compileDefaults(readJson('defaults.json'), deps);
const base = readFileSync(path.join(folder, 'rule-samples/base-import-air.json'), 'utf8');
/** Many declarations, as a run has them: no two share their texts. */
const declarations = Array.from({ length: 500 }, () => JSON.parse(base) as DeclarationContent);

let kept = 0;
const works: Readonly<Record<string, (content: DeclarationContent) => void>> = {
  'JSON.stringify': (content) => {
    kept += JSON.stringify(content).length;
  },
  rules: (content) => {
    kept += checkRules(content, context).length;
  },
  defaults: (content) => {
    kept += complete(content, context).length;
  },
};

function microseconds(work: (content: DeclarationContent) => void): number {
  const start = process.hrtime.bigint();
  for (let round = 0; round < 20; round++) for (const content of declarations) work(content);
  return Number(process.hrtime.bigint() - start) / 1000 / (20 * declarations.length);
}

const times = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
for (let round = 0; round < 9; round++) {
  for (const [name, work] of Object.entries(works)) times.get(name)?.push(microseconds(work));
}
const medianOf = (name: string): number => (times.get(name) ?? []).toSorted((a, b) => a - b)[4] ?? Number.NaN;
const reference = medianOf('JSON.stringify');
for (const name of times.keys()) {
  const median = medianOf(name);
  process.stdout.write(
    `${name.padEnd(16)}${median.toFixed(2)} µs per declaration, ${(median / reference).toFixed(2)} × JSON.stringify\n`,
  );
}
process.stdout.write(`(${kept} kept)\n`);
