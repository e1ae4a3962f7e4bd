/** results.ndjson and results.csv: one line a row, every problem once, safe to open. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RowResult } from '../../src/model/result.ts';
import { csvReport, neutralise } from '../../src/reports/csv.ts';
import { ndjsonReport, summaryJson } from '../../src/reports/ndjson.ts';
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
} from './sample.ts';

function schema(name: string): object {
  return JSON.parse(
    readFileSync(new URL(`../../schemas/declarant/${name}.schema.json`, import.meta.url), 'utf8'),
  );
}

const ajv = new Ajv2020({ allErrors: true });
const isResult = ajv.compile(schema('result'));
const isSummary = ajv.compile(schema('summary'));

async function lines(results: readonly RowResult[]): Promise<Record<string, unknown>[]> {
  const output = keptOutput();
  const report = ndjsonReport(output, contextIn('en'));
  await report.add(results);
  await report.end(summaryOf());
  return output
    .text()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

async function csv(results: readonly RowResult[], lang: 'zh' | 'en' = 'en'): Promise<string> {
  const output = keptOutput();
  const report = csvReport(output, contextIn(lang));
  await report.add(results);
  await report.end(summaryOf());
  return output.text();
}

const threeRows = decision(refs(5, 6, 7), {
  ...key('B2'),
  problems: [unknownCode(6), { code: 'group/odd', severity: 'warning' }],
});

describe('results.ndjson', () => {
  it('has lines that its JSON Schema allows', async () => {
    for (const line of await lines([
      ...resultsOf(accepted(2)),
      ...resultsOf(threeRows),
      ...resultsOf(decision(refs(9))),
    ])) {
      isResult(line);
      expect(isResult.errors).toBeNull();
    }
  });

  it('tells each problem on the row that it names, and those of the whole declaration on its first', async () => {
    const told = (await lines(resultsOf(threeRows))).map(({ problems }) =>
      (problems as { code: string }[]).map(({ code }) => code),
    );
    expect(told).toEqual([['group/odd'], ['code/unknown'], []]);
  });

  it('sends a row without an error of its own to the row that has one', async () => {
    const see = (await lines(resultsOf(threeRows))).map((line) => line['see']);
    expect(see).toEqual([[refs(6)[0]], undefined, [refs(6)[0]]]);
  });

  it('renders cell, header, value, expected and remedy', async () => {
    const [, line] = await lines(resultsOf(threeRows));
    expect(line).toMatchObject({
      problems: [
        {
          cell: 'AB6',
          header: '原产国（地区）',
          value: '新加波',
          fieldTitle: 'Country of origin',
          message: '“新加波” in AB6 (Country of origin) is not among cn-country',
          expected: 'SGP, JPN',
          remedy: 'mend 原产国（地区）',
        },
      ],
    });
  });

  it('has a summary that its JSON Schema allows', () => {
    const summary = summaryOf({
      notices: [unknownCode(1)],
      problems: [{ code: 'code/unknown', severity: 'error', count: 2 }],
    });
    isSummary(JSON.parse(summaryJson(summary, contextIn('en'))));
    expect(isSummary.errors).toBeNull();
  });
});

describe('results.csv', () => {
  it('begins with a byte order mark and a header in the reader’s language', async () => {
    expect((await csv([], 'zh')).startsWith('\ufeff文件,工作表,行,')).toBe(true);
    expect((await csv([], 'en')).startsWith('\ufeffFile,Sheet,Line,')).toBe(true);
  });

  it('has one record of equal width a row', async () => {
    const records = parse(await csv([...resultsOf(accepted(2)), ...resultsOf(threeRows)]), { bom: true });
    expect(records).toHaveLength(5);
    expect(records.map((record) => record[2])).toEqual(['Line', '2', '5', '6', '7']);
  });

  it('stacks the problems of one row so that their lines stay together', async () => {
    const two = decision(refs(3), { problems: [unknownCode(3, 'a\nb'), unknownCode(3, 'c')] });
    const [, record] = parse(await csv(resultsOf(two)), { bom: true });
    expect(record?.slice(11, 16)).toEqual([
      'code/unknown\ncode/unknown',
      'error\nerror',
      'AB3\nAB3',
      '原产国（地区）\n原产国（地区）',
      'a b\nc',
    ]);
  });

  it.each([
    '=1+1',
    '+1+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    '＋cmd',
    '－1+1',
    '＠x',
    ' =1',
    '\u00a0=1',
    '\u3000=1',
    '\ufeff=1',
    '\u200b=1',
    'ok\n=1',
    "=cmd|'/C calc'!A0",
  ])('lets no spreadsheet take %j for a formula', (value) => {
    for (const line of neutralise(value).split('\n'))
      expect(line).not.toMatch(/^[\s\u200b\ufeff]*[=+\-@＝＋－＠]/u);
  });

  it('begins no line of any value as a formula', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '＝', ' ', '\u3000', '\n', '\r', '\t', 'a', '1', '\ufeff'),
    });
    fc.assert(
      fc.property(hostile, (value) => {
        for (const line of neutralise(value).split('\n'))
          expect(line).not.toMatch(/^[\s\ufeff]*(?![+-]?\d{1,15}$)[=+\-@＝]/u);
      }),
    );
  });

  it.each(['-12.5', '12', 'abc', '', '2026-01-02', '人民币'])('leaves %j as it is', (value) => {
    expect(neutralise(value)).toBe(value);
  });

  it.each(['090220261246992980', '222020261246992980', '0101290090'])(
    'keeps every digit of %s from a spreadsheet',
    (value) => {
      expect(neutralise(value)).toBe(`'${value}`);
    },
  );
});
