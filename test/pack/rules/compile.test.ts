/** What the compiled rules promise whatever they are given, and what they refuse to compile. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDefaults, compileRules, readRules } from '../../../src/pack/rules/index.ts';
import { checkRules, complete, declaration, deps, readJson, today } from './samples.ts';

const json = readJson('rules.json') as { rules: Record<string, unknown>[] };
const example = json.rules.find(({ code }) => code === 'rule/net-above-gross') ?? {};
const withRule = (change: Record<string, unknown>) => ({ rules: [{ ...example, ...change }] });

describe('compiled rules', () => {
  it('say nothing about an empty declaration, but for what its direction and modes ask for', () => {
    expect(checkRules({}, { today })).toEqual([]);
    expect(checkRules({ DecHead: {}, DecLists: [{}, {}] }, { today })).toEqual([]);
  });
  it('survive any text in any cell, and name places that exist', () => {
    const base = declaration('export-sea');
    const cells = Object.entries(base).flatMap(([segment, part]) =>
      (Array.isArray(part) ? part : [part]).flatMap((entry, index) =>
        Object.keys(entry).map((tag) =>
          Array.isArray(part) ? `${segment}.${index}.${tag}` : `${segment}.${tag}`,
        ),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...cells), fc.string({ unit: 'binary' })), { maxLength: 8 }),
        (patch) => {
          const content = declaration('export-sea', Object.fromEntries(patch));
          complete(content, { today });
          for (const { places } of checkRules(content, { today })) {
            for (const { segment, index, tag } of places) {
              expect(deps.segments.get(segment)?.tags).toContain(tag);
              const part = content[segment];
              const count = Array.isArray(part) ? part.length : 0;
              expect(index ?? -1).toBeLessThan(Math.max(count, 0));
            }
          }
        },
      ),
    );
  });
  it('change nothing', () => {
    const content = declaration('import-air', { 'DecHead.NetWt': '900', 'DecLists.1.DeclTotal': '1' });
    const before = structuredClone(content);
    checkRules(content, { today });
    expect(content).toEqual(before);
  });
  it('give the facts that each text asks for', () => {
    const rules = new Map(readRules(json).map((rule) => [rule.code, rule]));
    const samples = readJson('rule-samples/rules.json') as {
      code: `${string}/${string}`;
      base: string;
      fails: Record<string, string>;
    }[];
    for (const { code, base, fails } of samples) {
      const issue = checkRules(declaration(base, fails), { today }).find((found) => found.code === code);
      const rule = rules.get(code);
      const asked = [rule?.message, rule?.expected, rule?.remedy].flatMap((text) => [
        ...`${text?.zh ?? ''} ${text?.en ?? ''}`.matchAll(/\{(\w+)\}/gu),
      ]);
      for (const [, name = ''] of asked) expect(issue?.facts, `${code} {${name}}`).toHaveProperty(name);
    }
  });
  it('name a value beside its code where the pack has its list', () => {
    const entry = { code: '3', zh: 'FOB', en: 'FOB', aliases: [], formerCodes: [] };
    const list = {
      name: 'cn-trade-terms',
      title: { zh: '成交方式', en: 'Terms' },
      source: '',
      edition: '',
      isComplete: true,
      size: 1,
      find: () => ({ kind: 'none' }) as const,
      get: (code: string) => (code === '3' ? entry : undefined),
      suggest: () => [],
      search: () => [],
    };
    const check = compileRules(json, {
      ...deps,
      codeList: (name) => (name === list.name ? list : undefined),
    });
    const [issue] = check(
      declaration('import-air', {
        'DecHead.FeeMark': null,
        'DecHead.FeeRate': null,
        'DecHead.FeeCurr': null,
      }),
      { today },
    );
    expect(issue?.facts).toMatchObject({ terms: '3 FOB' });
  });
});

describe('rules that cannot be compiled', () => {
  it.each([
    ['an unknown check', { check: 'guess' }],
    ['an unknown field', { fields: ['DecHead.Nonsense'] }],
    ['a condition on an unknown field', { when: { 'DecHead.Nonsense': ['1'] } }],
    ['an option that is missing', { options: { lesser: 'DecHead.NetWt' } }],
    ['an unknown severity', { severity: 'fatal' }],
    ['no English title', { title: { zh: '净重大于毛重' } }],
  ])('are refused: %s', (_, change) => {
    expect(() => compileRules(withRule(change), deps)).toThrow(TypeError);
  });
  it('are refused among the defaults too', () => {
    const { defaults } = readJson('defaults.json') as { defaults: Record<string, unknown>[] };
    expect(() => compileDefaults({ defaults: [{ ...defaults[0], fill: 'guess' }] }, deps)).toThrow(TypeError);
  });
});
