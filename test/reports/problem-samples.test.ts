/** Every code that a manifest or a file can provoke has a sample that provokes it, and the mended sample that passes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { openCatalogue } from '../../src/reports/catalogue.ts';
import { readSamples } from '../../src/reports/common-problems/samples.ts';
import { readDefaults, readRules } from '../../src/pack/rules/index.ts';
import {
  codesOf,
  declaration,
  readJson,
  type DefaultSample,
  type RuleSample,
} from '../pack/rules/samples.ts';
import { codesOfSide } from './sample-runs.ts';

const samples = readSamples();

/** What only a broken environment, or a file of many megabytes, provokes: the test that does, or why none can. */
const elsewhere: Readonly<Record<string, string>> = {
  'duplicate/number-taken': 'pipeline/lodging.test.ts',
  'file/not-found': 'formats/csv/open.test.ts',
  'file/not-a-file': 'formats/csv/open.test.ts',
  'file/not-readable': 'formats/csv/open.test.ts',
  'file/changed-while-reading': 'formats/csv/open.test.ts',
  'file/too-large': 'formats/csv/open.test.ts',
  'sheet/too-many-merges': 'formats/xlsx/limits.test.ts',
  'table/example': 'commands/template.test.ts',
  'workbook/xml-run-too-long': 'formats/xlsx/limits.test.ts',
};
const unprovoked: Readonly<Record<string, string>> = {
  'file/in-use': 'only Windows refuses a file that another program has open',
  'file/no-space': 'needs a temporary folder on a full disk',
  'workbook/part-too-large': 'needs a part of 64 MiB, which takes half a minute to read',
  'mapping/memory-unreadable': 'needs a spoiled file among the remembered mappings of the user',
  'mapping/not-answered': 'needs a terminal whose input ends in the middle of a question',
};
const areas = [
  'cell',
  'value',
  'code',
  'shape',
  'group',
  'header',
  'mapping',
  'document',
  'duplicate',
  'file',
  'workbook',
  'sheet',
  'table',
];

describe('the samples', () => {
  test.each(samples.map((sample) => [sample.code, sample] as const))(
    '%s is provoked by its sample, and gone from the mended one',
    async (code, { before, after }) => {
      expect([...(await codesOfSide(before)).codes]).toContain(code);
      const mended = await codesOfSide(after);
      expect([...mended.codes]).not.toContain(code);
      expect(mended.hasError).toBe(false);
    },
  );

  it('leave out no code that a manifest or a file can provoke', () => {
    const provoked = new Set(samples.map(({ code }) => code));
    const left = openCatalogue()
      .codes()
      .filter((code) => areas.includes(code.split('/')[0] ?? ''))
      .filter(
        (code) => !provoked.has(code) && !Object.hasOwn(elsewhere, code) && !Object.hasOwn(unprovoked, code),
      );
    expect(left).toEqual([]);
  });

  test.each(Object.entries(elsewhere))('%s is provoked in %s', (code, file) => {
    expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8')).toContain(code);
  });
});

describe('the samples of the rules', () => {
  const rules = readJson('rule-samples/rules.json') as readonly RuleSample[];
  const fills = readJson('rule-samples/defaults.json') as readonly DefaultSample[];

  test.each(rules.map((sample) => [sample.code, sample] as const))(
    '%s is provoked by its sample, and gone from the mended one',
    (code, { base, fails, passes }) => {
      expect(codesOf(declaration(base, fails))).toContain(code);
      expect(codesOf(declaration(base, passes))).not.toContain(code);
    },
  );

  it('leave out no rule and no default', () => {
    const known = new Set([...rules, ...fills].map(({ code }) => code));
    const codes = [...readRules(readJson('rules.json')), ...readDefaults(readJson('defaults.json'))].map(
      ({ code }) => code,
    );
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
  });
});
