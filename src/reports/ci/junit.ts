/** JUnit's XML: a suite for each file, a test case for each declaration. Kept in memory until the end, for its counts stand first. */
import type { Decision, Outcome } from '../../model/result.ts';
import type { Output } from '../output.ts';
import type { Report, ReportContext } from '../report.ts';
import { escapeForTerminal } from '../terminal-text.ts';
import { outcomeMeanings, outcomeWords } from '../words.ts';
import { placed } from './each-problem.ts';

/** *failure*: the data has to be mended. *error*: it could not be told. */
const verdicts: Readonly<Record<Outcome, 'failure' | 'error' | undefined>> = {
  accepted: undefined,
  pending: undefined,
  valid: undefined,
  rejected: 'failure',
  'set-aside': 'failure',
  duplicate: 'failure',
  unknown: 'error',
  'not-sent': 'error',
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** For text and attributes. What XML 1.0 cannot hold is shown as a code. */
export function xml(text: string): string {
  return escapeForTerminal(text)
    .replace(/[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"'\n\t]/gu, (character) => entities[character] ?? '');
}

type Suite = { cases: string[]; failures: number; errors: number };

export function junitReport(output: Output, context: ReportContext): Report {
  const suites = new Map<string, Suite>();
  const seen = new WeakSet<Decision>();

  function testCase(decision: Decision, suite: Suite): string {
    const { rows, key, outcome, problems } = decision;
    const [first] = rows;
    const name = key ?? `${first.sheet === undefined ? '' : `${first.sheet} `}${first.line}`;
    const told = problems.map((problem) => placed(problem, { ref: first, decision }, context));
    const texts = told.map(({ problem, row, title, lines }) =>
      [`${row.file}:${row.line} ${title} [${problem.code}]`, ...lines.map((line) => `  ${line}`)].join('\n'),
    );
    const place = `classname="${xml(first.sheet ?? first.file)}" file="${xml(first.file)}" line="${first.line}"`;
    const verdict = verdicts[outcome];
    const open = `<testcase name="${xml(name)}" ${place}`;
    if (verdict === undefined)
      return texts.length === 0
        ? `${open}/>`
        : `${open}><system-out>${xml(texts.join('\n'))}</system-out></testcase>`;
    if (verdict === 'failure') suite.failures += 1;
    else suite.errors += 1;
    const main = told.find(({ problem }) => problem.severity === 'error') ?? told[0];
    const words = `${outcomeWords[outcome][context.lang]}: ${main?.title ?? outcomeMeanings[outcome][context.lang]}`;
    return `${open}><${verdict} message="${xml(words)}" type="${xml(main?.problem.code ?? outcome)}">${xml(texts.join('\n'))}</${verdict}></testcase>`;
  }

  return {
    async add(results) {
      for (const { ref, decision } of results) {
        if (seen.has(decision)) continue;
        seen.add(decision);
        const suite = suites.get(ref.file) ?? { cases: [], failures: 0, errors: 0 };
        suites.set(ref.file, suite);
        suite.cases.push(testCase(decision, suite));
      }
    },
    async end({ startedAt, tookMs, run }) {
      const all = [...suites.values()];
      const sum = (count: (suite: Suite) => number): number =>
        all.reduce((total, suite) => total + count(suite), 0);
      const time = (tookMs / 1000).toFixed(3);
      await output.write(
        `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="declarant ${xml(run)}" tests="${sum(({ cases }) => cases.length)}" failures="${sum(({ failures }) => failures)}" errors="${sum(({ errors }) => errors)}" time="${time}">\n`,
      );
      for (const [file, { cases, failures, errors }] of suites) {
        await output.write(
          `<testsuite name="${xml(file)}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0" time="${time}" timestamp="${startedAt.slice(0, 19)}">\n`,
        );
        for (const each of cases) await output.write(`${each}\n`);
        await output.write('</testsuite>\n');
      }
      await output.write('</testsuites>\n');
      return [await output.commit()];
    },
    abandon: () => output.abandon(),
  };
}
