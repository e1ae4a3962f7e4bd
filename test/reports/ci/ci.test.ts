/** Results for machines in CI: SARIF, JUnit and GitHub's annotations. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/problem.ts';
import type { Decision } from '../../../src/model/result.ts';
import { ciFailure } from '../../../src/reports/ci/failure.ts';
import { githubReport } from '../../../src/reports/ci/github.ts';
import { junitReport } from '../../../src/reports/ci/junit.ts';
import { sarifReport } from '../../../src/reports/ci/sarif.ts';
import type { Output } from '../../../src/reports/output.ts';
import type { Report, ReportContext } from '../../../src/reports/report.ts';
import {
  accepted,
  contextIn,
  decision,
  key,
  keptOutput,
  refs,
  resultsOf,
  summaryOf,
  unknownCode,
} from '../sample.ts';

const stopped = { code: 'file/x', exit: 3, title: 'T, :', message: 'm\n%', expected: '', remedy: 'r' };

type Make = (output: Output, context: ReportContext) => Report;

async function made(make: Make, decisions: readonly Decision[], lang: 'zh' | 'en' = 'en'): Promise<string> {
  const output = keptOutput();
  const report = make(output, contextIn(lang));
  for (const each of decisions) await report.add(resultsOf(each));
  await report.end(summaryOf({ exit: 1 }));
  return output.text();
}

const faulty = decision(refs(5, 6), { ...key('B2'), problems: [unknownCode(6)] });
const hostile = decision(refs(7), {
  ...key('<C3> "&\''),
  problems: [unknownCode(7, 'a\n::error::b%0A]]>\u0001\ufffe<script>')],
});

describe('SARIF', () => {
  it('points each problem to its file, line, column, sheet and cell', async () => {
    const { runs } = JSON.parse(await made(sarifReport, [accepted(2), faulty]));
    expect(runs[0].results[0]).toMatchObject({
      ruleId: 'code/unknown',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: '%E6%B8%85%E5%8D%95.xlsx' },
            region: { startLine: 6, startColumn: 28 },
          },
          logicalLocations: [{ fullyQualifiedName: '表体!AB6', kind: 'cell' }],
        },
      ],
      properties: { sheet: '表体', cell: '表体!AB6', value: '新加波', declaration: 'B2' },
    });
  });

  it('names each rule once', async () => {
    const { runs } = JSON.parse(await made(sarifReport, [faulty, hostile]));
    expect(runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['code/unknown']);
  });

  it('gives the same problem the same fingerprint when its row has moved', async () => {
    const moved = decision(refs(50), { ...key('B2'), problems: [unknownCode(50)] });
    const [before, after] = await Promise.all(
      [faulty, moved].map(
        async (each) => JSON.parse(await made(sarifReport, [each])).runs[0].results[0].partialFingerprints,
      ),
    );
    expect(after).toEqual(before);
  });

  const shipped = join(
    'node_modules',
    '@microsoft',
    'jest-sarif',
    'lib',
    'schemas',
    'sarif-2.1.0-rtm.5.json',
  );
  const schema = process.env['SARIF_SCHEMA'] ?? shipped;
  if (!existsSync(schema))
    process.stderr.write(`skipped: SARIF against its schema, for there is no ${schema}\n`);

  it.skipIf(!existsSync(schema))('is valid against its schema, with problems and without', async () => {
    const { Ajv } = await import('ajv');
    const { $schema: _draft, id: _id, ...official } = JSON.parse(readFileSync(schema, 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile({
      ...official,
      $id: 'sarif',
    });
    const empty: readonly Decision[] = [];
    for (const decisions of [empty, [accepted(2), faulty, hostile]]) {
      validate(JSON.parse(await made(sarifReport, decisions)));
      expect(validate.errors).toBe(null);
    }
    validate(JSON.parse(ciFailure('sarif', stopped)));
    expect(validate.errors).toBe(null);
  });
});

function elements(text: string): { name: string; attributes: Record<string, string> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => found.push({ name, attributes: { ...attributes } }));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
  return found;
}

describe('JUnit', () => {
  it('has one test case a declaration, and counts what failed before it tells it', async () => {
    const unknown = decision(refs(9), { ...key('D4'), outcome: 'unknown' });
    const text = await made(junitReport, [accepted(2), faulty, unknown]);
    const [suites, suite, ...cases] = elements(text);
    expect(suites?.attributes).toMatchObject({ tests: '3', failures: '1', errors: '1' });
    expect(suite?.attributes).toMatchObject({ name: '清单.xlsx', tests: '3', failures: '1', errors: '1' });
    expect(
      cases.filter(({ name }) => name === 'testcase').map(({ attributes }) => attributes['name']),
    ).toEqual(['A1', 'B2', 'D4']);
  });

  it('tells each problem with its place in the failure', async () => {
    const text = await made(junitReport, [faulty]);
    for (const part of ['line="5"', '清单.xlsx:6 Unknown code [code/unknown]', '表体!AB6'])
      expect(text).toContain(part);
  });

  it('stays well-formed whatever the data holds', async () => {
    const [, , testCase] = elements(await made(junitReport, [hostile]));
    expect(testCase?.attributes['name']).toBe('<C3> "&\'');
  });
});

const warning = (line: number): Problem => ({ ...unknownCode(line), severity: 'warning' });
const lots = (count: number, problem: (line: number) => Problem): Decision[] =>
  Array.from({ length: count }, (_, index) => decision(refs(index + 2), { problems: [problem(index + 2)] }));

describe('annotations for GitHub', () => {
  it('name file, line, column and cell', async () => {
    const [line] = (await made(githubReport, [faulty])).split('\n');
    expect(line).toBe(
      '::error file=清单.xlsx,line=6,col=28,title=Unknown code [code/unknown]::表体!AB6  原产国（地区）: 新加波%0A“新加波” in AB6 (Country of origin) is not among cn-country%0AExpected: SGP, JPN%0AWhat to do: mend 原产国（地区）',
    );
  });

  it('let no value of the data become a command of its own', async () => {
    const lines = (await made(githubReport, [hostile])).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
  });

  it('are ten errors and ten warnings at most, the last of each saying how many more there are', async () => {
    const lines = (await made(githubReport, [...lots(12, unknownCode), ...lots(11, warning)]))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(20);
    expect(lines[9]).toContain('::error title=3 more errors are not shown');
    expect(lines[19]).toContain('::warning title=2 more warnings are not shown');
  });

  it('are all shown where there are just ten', async () => {
    const lines = (await made(githubReport, lots(10, unknownCode))).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error file='))).toHaveLength(10);
  });
});

describe('a run that could not go on', () => {
  it('is one annotation for GitHub', () => {
    expect(ciFailure('github', stopped)).toBe('::error title=T%2C %3A [file/x]::m%0A%25%0Ar\n');
  });

  it('is an error for JUnit', () => {
    expect(elements(ciFailure('junit', stopped)).at(-1)?.attributes).toMatchObject({ type: 'file/x' });
  });

  it('is nothing for people, who have read it on standard error', () => {
    expect(ciFailure('human', stopped)).toBe('');
  });
});
