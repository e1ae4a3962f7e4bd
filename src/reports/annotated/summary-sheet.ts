/** The sheet that sums up a run: how many of what, and the problems by frequency. */
import { resultMark } from '../../model/own-marks.ts';
import { outcomes, type RunSummary } from '../../model/result.ts';
import { momentText } from '../moment.ts';
import type { ReportContext } from '../report.ts';
import { outcomeMeanings, outcomeWords, severityWords } from '../words.ts';
import type { Styles } from './styles.ts';
import { textCell } from './xml.ts';

export const summarySheetName = { zh: `${resultMark.zh}汇总`, en: `${resultMark.en}Summary` };

type Line = readonly { readonly text: string; readonly isHeader?: true }[];

function head(...texts: readonly string[]): Line {
  return texts.map((text) => ({ text, isHeader: true }));
}

function plain(...texts: readonly string[]): Line {
  return texts.map((text) => ({ text }));
}

function linesOf(summary: RunSummary, { lang, render }: ReportContext, remarks: readonly string[]): Line[] {
  const isZh = lang === 'zh';
  const ends = isZh ? ['结果', '报关单', '行数', '说明'] : ['Outcome', 'Declarations', 'Rows', 'Meaning'];
  const counts = outcomes
    .filter((outcome) => summary.byOutcome[outcome].rows > 0)
    .map((outcome) => {
      const { declarations, rows } = summary.byOutcome[outcome];
      return plain(
        outcomeWords[outcome][lang],
        String(declarations),
        String(rows),
        outcomeMeanings[outcome][lang],
      );
    });
  const problems = summary.problems.map(({ code, severity, count }) => {
    const known = severity === 'error' || severity === 'warning' ? severity : 'info';
    const { title, remedy } = render({ code: codeOf(code), severity: known });
    // The texts of a whole kind cannot fill in what is different in each case.
    const general = /\{\w+\}|（空）|\(empty\)/u.test(remedy) ? '' : remedy;
    return plain(title, String(count), severityWords[known][lang], general, code);
  });
  const window = summary.window === undefined ? [] : [plain(isZh ? '单一窗口' : 'Window', summary.window)];
  return [
    head(`${resultMark[lang]}${isZh ? '运行' : 'Run'} ${summary.run}`),
    plain(isZh ? '开始时间' : 'Began', momentText(summary.startedAt)),
    ...window,
    plain(isZh ? '报关单' : 'Declarations', String(summary.declarations)),
    plain(isZh ? '行数' : 'Rows', String(summary.rows)),
    [],
    head(...ends),
    ...counts,
    [],
    head(
      ...(isZh
        ? ['问题（由多到少）', '次数', '程度', '处理', '代码']
        : ['Problem, most frequent first', 'Times', 'Severity', 'What to do', 'Code']),
    ),
    ...(problems.length === 0 ? [plain(isZh ? '没有问题' : 'none')] : problems),
    [],
    ...remarks.map((remark) => plain(remark)),
    plain(
      isZh
        ? '改正标色的单元格后，用本文件再次运行 import 即可：已接受的不会重复申报，【结果】各列和批注不参与申报。'
        : 'Mend the coloured cells and import this very file again: what was accepted is not lodged twice, and result columns and comments are not declared.',
    ),
  ];
}

function codeOf(code: string): `${string}/${string}` {
  const [area = '', ...rest] = code.split('/');
  return `${area}/${rest.join('/')}`;
}

/** A worksheet of text. */
export function summarySheet(
  summary: RunSummary,
  { context, styles, remarks }: { context: ReportContext; styles: Styles; remarks: readonly string[] },
): string {
  const rows = linesOf(summary, context, remarks).map((cells, index) => {
    const line = index + 1;
    const xml = cells.map(({ text, isHeader }, column) =>
      textCell({ column, line, style: isHeader === true ? styles.header : styles.text }, text, ''),
    );
    return `<row r="${line}">${xml.join('')}</row>`;
  });
  const widths = [34, 16, 12, 70, 30];
  const cols = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><cols>${cols.join('')}</cols><sheetData>${rows.join('')}</sheetData><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>`;
}
