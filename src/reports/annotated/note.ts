/** What is written beside one row, and on its cells: made from a result, in the reader's language. */
import type { Problem, Severity } from '../../model/problem.ts';
import type { Outcome, RowResult } from '../../model/result.ts';
import type { RowRef } from '../../model/row.ts';
import { resultMark } from '../../model/own-marks.ts';
import type { Lang, Text } from '../../model/text.ts';
import { cellOf } from '../catalogue.ts';
import type { ReportContext } from '../report.ts';
import { problemsOfRow, rowsToSee } from '../row-problems.ts';
import { outcomeWords, stateWords } from '../words.ts';

export type Fault = { readonly column: number; readonly severity: 'error' | 'warning' };

export type RowNote = {
  readonly line: number;
  readonly outcome: Outcome;
  /** Status, customs number, receipt, problems: as `noteHeaders` has them. */
  readonly texts: readonly [string, string, string, string];
  /** Sorted by column, each column once. */
  readonly faults: readonly Fault[];
};

export type CellComment = { readonly column: number; readonly line: number; readonly text: string };

export const noteHeaders: readonly (Text & {
  /** In characters, as spreadsheets count widths. */ readonly width: number;
})[] = [
  { zh: `${resultMark.zh}状态`, en: `${resultMark.en}Status`, width: 20 },
  { zh: `${resultMark.zh}海关编号`, en: `${resultMark.en}Customs number`, width: 22 },
  { zh: `${resultMark.zh}回执`, en: `${resultMark.en}Receipt`, width: 26 },
  { zh: `${resultMark.zh}问题与处理办法`, en: `${resultMark.en}Problems and what to do`, width: 90 },
];

const longestComment = 2000;

function isHere({ row }: Problem, ref: RowRef): boolean {
  return row !== undefined && row.line === ref.line && row.sheet === ref.sheet && row.file === ref.file;
}

function isShown(severity: Severity): severity is Fault['severity'] {
  return severity !== 'info';
}

/** The parts of a problem, each on its line: what is wrong, what was expected, how to mend it. */
function sentences(problem: Problem, { lang, render }: ReportContext): string[] {
  const { title, message, expected, remedy } = render(problem);
  const isZh = lang === 'zh';
  return [
    title,
    message,
    expected === '' ? '' : `${isZh ? '应为：' : 'Expected: '}${expected}`,
    remedy === '' ? '' : `${isZh ? '处理：' : 'What to do: '}${remedy}`,
  ].filter((sentence) => sentence !== '');
}

function statusText({ decision }: RowResult, lang: Lang): string {
  const { outcome, state, isEarlier } = decision;
  const word = outcomeWords[outcome][lang];
  const more = [
    state === undefined || stateWords[state][lang] === word ? '' : stateWords[state][lang],
    isEarlier === true ? (lang === 'zh' ? '此前已申报' : 'lodged earlier') : '',
  ].filter((part) => part !== '');
  if (more.length === 0) return word;
  return lang === 'zh' ? `${word}（${more.join('，')}）` : `${word} (${more.join(', ')})`;
}

function problemsText(own: readonly Problem[], see: readonly RowRef[], context: ReportContext): string {
  const isZh = context.lang === 'zh';
  const told = own.map((problem) => {
    const cell = cellOf(problem);
    const text = sentences(problem, context).join(isZh ? '；' : '; ');
    return cell === undefined ? text : `${cell} ${text}`;
  });
  if (see.length > 0) {
    const lines = see.map(({ line }) => String(line));
    told.push(
      isZh
        ? `同一份报关单的第 ${lines.join('、')} 行有错误，改正后一并申报`
        : `another line of this declaration has an error: see line ${lines.join(', ')}`,
    );
  }
  return told.join('\n').replace(/[\r\n]+/gu, '\n');
}

export function noteOf(result: RowResult, context: ReportContext): RowNote {
  const { ref, decision } = result;
  const own = problemsOfRow(decision, ref);
  const faults = new Map<number, Fault['severity']>();
  for (const problem of own) {
    const { column, severity } = problem;
    if (column === undefined || !isShown(severity) || !isHere(problem, ref)) continue;
    if (faults.get(column) !== 'error') faults.set(column, severity);
  }
  const receipt = decision.receipts.at(-1);
  return {
    line: ref.line,
    outcome: decision.outcome,
    texts: [
      statusText(result, context.lang),
      decision.entryId ?? '',
      receipt?.text ?? receipt?.code ?? '',
      problemsText(own, rowsToSee(decision, ref), context),
    ],
    faults: [...faults]
      .map(([column, severity]) => ({ column, severity }))
      .toSorted((a, b) => a.column - b.column),
  };
}

/** One comment a faulty cell, with all its problems. */
export function commentsOf({ ref, decision }: RowResult, context: ReportContext): CellComment[] {
  const texts = new Map<number, string[]>();
  for (const problem of problemsOfRow(decision, ref)) {
    const { column, severity } = problem;
    if (column === undefined || !isShown(severity) || !isHere(problem, ref)) continue;
    const before = texts.get(column);
    const text = sentences(problem, context).join('\n');
    if (before === undefined) texts.set(column, [text]);
    else before.push(text);
  }
  return [...texts].map(([column, parts]) => {
    const text = `${resultMark[context.lang]}${parts.join('\n\n')}`;
    return {
      column,
      line: ref.line,
      text: text.length > longestComment ? `${text.slice(0, longestComment)}…` : text,
    };
  });
}
