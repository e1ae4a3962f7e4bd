/** Every rule fires on its failing sample alone, and is silent on its passing one. */
import { describe, expect, it } from 'vitest';
import { readLeftOut, readDefaults, readRules } from '../../../src/pack/rules/index.ts';
import { codesOf, declaration, readJson, type RuleSample } from './samples.ts';

const rules = readRules(readJson('rules.json'));
const samples = readJson('rule-samples/rules.json') as RuleSample[];

describe.each(samples)('$code', ({ code, base, passes, fails }) => {
  it('says nothing about its passing sample', () => {
    expect(codesOf(declaration(base, passes))).toEqual([]);
  });
  it('is all that is said about its failing sample', () => {
    expect(codesOf(declaration(base, fails))).toEqual([code]);
  });
});

describe('the rules as a whole', () => {
  it('find nothing in the base declarations', () => {
    expect(codesOf(declaration('import-air'))).toEqual([]);
    expect(codesOf(declaration('export-sea'))).toEqual([]);
  });
  it('have one sample each', () => {
    expect(samples.map(({ code }) => code)).toEqual(rules.map(({ code }) => code));
  });
  it('have a code each', () => {
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
  });
  it('cover or leave out each of the 205 collected rules, never both', () => {
    const used = [...rules, ...readDefaults(readJson('defaults.json'))].flatMap(({ covers }) => covers);
    const left = readLeftOut(readJson('rules.json')).map(({ id }) => id);
    const all = Array.from({ length: 205 }, (_, index) => `R${String(index + 1).padStart(3, '0')}`);
    expect([...new Set([...used, ...left])].sort()).toEqual(all);
    expect(left.filter((id) => used.includes(id))).toEqual([]);
  });
  it('only warn where the source is of unknown quality, but for zero values and containers listed twice', () => {
    const strict = rules.filter(({ confidence, severity }) => confidence === 'C' && severity === 'error');
    expect(strict.map(({ code }) => code)).toEqual(['rule/container-twice', 'rule/not-positive']);
  });
  it('say something in both languages, with facts they have', () => {
    for (const { title, message, expected, remedy, source } of rules) {
      for (const text of [title, message, expected, remedy]) {
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        expect(text.en).not.toMatch(/^$|\p{Script=Han}{8}/u);
      }
      expect(source).not.toBe('');
    }
  });
});
