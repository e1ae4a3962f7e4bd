/** What a person should know about a workbook as a whole: what it hides, macros, links to other workbooks. */
import type { Problem } from '../../model/problem.ts';
import { columnName } from '../../model/row.ts';
import { refusal } from './refusal.ts';
import type { ColumnSpan, Survey } from './survey.ts';
import type { Workbook } from './workbook.ts';

export type SurveyedSheet = { readonly name: string; readonly isHidden: boolean; readonly survey: Survey };

export type BookFindings = {
  readonly file: string;
  readonly workbook: Workbook;
  /** The sheets that are read. */
  readonly sheets: readonly SurveyedSheet[];
  readonly hidden: 'include' | 'skip' | 'error';
};

export function bookProblems({ file, workbook, sheets, hidden }: BookFindings): readonly Problem[] {
  const found: Problem[] = [];
  const say = (code: Problem['code'], facts: Problem['facts'] = {}): void =>
    void found.push({ code, severity: 'info', facts: { file, ...facts } });
  if (workbook.hasMacros) say('workbook/macros');
  if (workbook.hasExternalLinks) say('workbook/external-links');
  for (const { name, isHidden } of workbook.sheets)
    if (isHidden) say('sheet/hidden', { sheet: name, handling: hidden });
  for (const { name: sheet, survey } of sheets) {
    const { count, first } = survey.hiddenLines;
    if (count > 0) {
      say('sheet/hidden-rows', { sheet, count, lines: listed(first.map(String), count), handling: hidden });
    }
    if (survey.hiddenColumns.length > 0) {
      const spans = survey.hiddenColumns.map(spanName);
      say('sheet/hidden-columns', {
        sheet,
        columns: listed(spans.slice(0, 20), spans.length),
        handling: hidden,
      });
    }
    if (survey.hasOverlappingMerges)
      found.push({ code: 'sheet/merges-overlap', severity: 'warning', facts: { file, sheet } });
  }
  return found;
}

/** With `--hidden=error`: stops at the first hidden part. */
export function refuseHidden(problems: readonly Problem[]): void {
  const first = problems.find(({ code }) => code.startsWith('sheet/hidden'));
  if (first !== undefined) throw refusal(first.code, first.facts ?? {});
}

function spanName({ from, to }: ColumnSpan): string {
  return from === to ? columnName(from) : `${columnName(from)}–${columnName(to)}`;
}

function listed(names: readonly string[], count: number): readonly string[] {
  return names.length < count ? [...names, '…'] : names;
}
