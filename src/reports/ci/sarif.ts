/** SARIF 2.1.0 (OASIS standard, 2020): one result for each problem, written as the rows come. */
import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../model/problem.ts';
import type { Output } from '../output.ts';
import type { Report, ReportContext } from '../report.ts';
import { eachProblem, type PlacedProblem } from './each-problem.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** Relative paths stay relative: CI looks for them in its checkout. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(/[\\/]/u).map(encodeURIComponent).join('/');
}

/** The same problem in the same declaration, wherever its row moved to. */
function fingerprint({ problem, decision }: PlacedProblem): string {
  const parts = [
    problem.code,
    decision.key ?? '',
    problem.field ?? problem.header ?? '',
    problem.value ?? '',
  ];
  return createHash('sha256').update(parts.join('\n'), 'utf8').digest('hex').slice(0, 32);
}

export function sarifReport(output: Output, context: ReportContext): Report {
  const rules = new Map<string, { readonly index: number; readonly title: string }>();
  let count = 0;

  function result(each: PlacedProblem): string {
    const { problem, row, cell, title, lines, decision } = each;
    const { code, severity, column } = problem;
    if (!rules.has(code)) rules.set(code, { index: rules.size, title });
    const region = { startLine: row.line, ...(column === undefined ? {} : { startColumn: column + 1 }) };
    const named = cell ?? (row.sheet === undefined ? undefined : `${row.sheet}!${row.line}`);
    const logical =
      named === undefined
        ? {}
        : { logicalLocations: [{ fullyQualifiedName: named, kind: cell === undefined ? 'row' : 'cell' }] };
    count += 1;
    return JSON.stringify({
      ruleId: code,
      ruleIndex: rules.get(code)?.index,
      level: levels[severity],
      message: { text: `${title}\n${lines.join('\n')}` },
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(row.file) }, region }, ...logical }],
      partialFingerprints: { 'declarantProblem/v1': fingerprint(each) },
      properties: {
        file: row.file,
        sheet: row.sheet,
        cell,
        header: problem.header,
        value: problem.value,
        declaration: decision.key,
        outcome: decision.outcome,
      },
    });
  }

  const head =
    '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[';

  return {
    async add(results) {
      let text = '';
      for (const each of eachProblem(results, context)) {
        const before = count === 0 ? head : ',';
        text += `${before}\n${result(each)}`;
      }
      await output.write(text);
    },
    async end(summary) {
      if (count === 0) await output.write(head);
      const described = [...rules].map(([id, { title }]) => ({ id, shortDescription: { text: title } }));
      const invocation = {
        executionSuccessful: true,
        exitCode: summary.exit,
        startTimeUtc: summary.startedAt,
      };
      const rest = {
        tool: { driver: { name: 'declarant', rules: described } },
        invocations: [invocation],
        language: context.lang === 'zh' ? 'zh-CN' : 'en',
        automationDetails: { id: `declarant/${summary.run}` },
      };
      await output.write(`\n],${JSON.stringify(rest).slice(1, -1)}}]}\n`);
      return [await output.commit()];
    },
    abandon: () => output.abandon(),
  };
}
