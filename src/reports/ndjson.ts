/** `results.ndjson`: one line per source row, for scripts. The JSON Schema is `schemas/declarant/result.schema.json`. */
import type { Problem } from '../model/problem.ts';
import type { Decision, RowResult, RunSummary } from '../model/result.ts';
import type { RowRef } from '../model/row.ts';
import { cellOf } from './catalogue.ts';
import type { Output } from './output.ts';
import type { Report, ReportContext } from './report.ts';
import { problemsOfRow, rowsToSee } from './row-problems.ts';
import { escapeJson } from './terminal-text.ts';

/** A problem with all its texts, as results and summary carry it. */
export function problemJson(problem: Problem, context: ReportContext): object {
  const { title, message, expected, remedy } = context.render(problem);
  return {
    code: problem.code,
    severity: problem.severity,
    file: problem.row?.file,
    sheet: problem.row?.sheet,
    line: problem.row?.line,
    cell: cellOf(problem),
    header: problem.header,
    field: problem.field,
    fieldTitle: problem.field === undefined ? undefined : context.fieldTitle(problem.field)?.[context.lang],
    value: problem.value,
    facts: problem.facts,
    title,
    message,
    expected,
    remedy,
  };
}

/** Turns results into lines of JSON without a line feed. What the rows of one declaration share is serialised once. */
export function resultLines(context: ReportContext): (result: RowResult) => string {
  let lastDecision: Decision | undefined;
  let lastShared = '';
  let lastFile = '';
  let lastSheet: string | undefined;
  let lastPlace = '';

  function placeOf(ref: RowRef): string {
    if (ref.file !== lastFile || ref.sheet !== lastSheet) {
      lastFile = ref.file;
      lastSheet = ref.sheet;
      const sheet = ref.sheet === undefined ? '' : `"sheet":${JSON.stringify(ref.sheet)},`;
      lastPlace = `{"type":"row","file":${JSON.stringify(ref.file)},${sheet}"line":`;
    }
    return lastPlace + String(ref.line);
  }

  function sharedBy(decision: Decision): string {
    if (decision === lastDecision) return lastShared;
    const { key, outcome, state, entryId, isEarlier, receipts, filled } = decision;
    lastShared = JSON.stringify({ key, outcome, state, entryId, isEarlier, receipts, filled }).slice(1, -1);
    lastDecision = decision;
    return lastShared;
  }

  return ({ ref, decision }) => {
    const own = problemsOfRow(decision, ref);
    const see = rowsToSee(decision, ref);
    const problems =
      own.length === 0 ? '[]' : JSON.stringify(own.map((problem) => problemJson(problem, context)));
    const seeAlso = see.length === 0 ? '' : `,"see":${JSON.stringify(see)}`;
    return escapeJson(`${placeOf(ref)},${sharedBy(decision)},"problems":${problems}${seeAlso}}`);
  };
}

/** The summary's line: last in NDJSON, a member of the one object in JSON. */
export function summaryJson({ notices, ...summary }: RunSummary, context: ReportContext): string {
  const told = notices.map((notice) => problemJson(notice, context));
  return escapeJson(JSON.stringify({ type: 'summary', schemaVersion: 1, ...summary, notices: told }));
}

/** One line a row, in input order. */
export function ndjsonReport(output: Output, context: ReportContext): Report {
  const lineOf = resultLines(context);
  return {
    add: (results) => output.write(results.map((result) => `${lineOf(result)}\n`).join('')),
    end: async () => [await output.commit()],
    abandon: () => output.abandon(),
  };
}
