/** `results.csv`: one line per source row, for people who open it in a spreadsheet. */
import type { Problem } from '../model/problem.ts';
import type { Decision, RowResult } from '../model/result.ts';
import type { RowRef } from '../model/row.ts';
import type { Lang } from '../model/text.ts';
import { cellOf } from './catalogue.ts';
import type { Output } from './output.ts';
import type { Report, ReportContext } from './report.ts';
import { problemsOfRow, rowsToSee } from './row-problems.ts';
import { escapeForTerminal } from './terminal-text.ts';
import { csvHeaders, outcomeWords, severityWords, stateWords } from './words.ts';

const byteOrderMark = '\ufeff';
/** What a spreadsheet takes for a formula, also full-width and behind blanks that it throws away. */
const formulaStart = /^[\s\u200b-\u200d\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|^[\t\r]/u;
const strictNumber = /^[+-]?\d{1,15}(?:\.\d+)?$/u;
/** Digits that a spreadsheet would change: leading zeros, or more than it can hold. */
const fragileDigits = /^(?:0\d+|\d{16,})$/u;

/** No line of the text can be taken for a formula, and no digit of it is lost: an apostrophe goes before. */
export function neutralise(text: string): string {
  if (!/[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212]|^\d/u.test(text)) return text;
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) =>
      fragileDigits.test(line) || (formulaStart.test(line) && !strictNumber.test(line)) ? `'${line}` : line,
    )
    .join('\n');
}

/** Quoted where it must be, and never a formula. */
export function csvCell(text: string): string {
  const safe = neutralise(escapeForTerminal(text));
  return /[",\r\n]/u.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Problems under each other in one cell, so that the columns of one problem stand on one line. */
function stack(problems: readonly Problem[], part: (problem: Problem) => string): string {
  return csvCell(problems.map((problem) => part(problem).replace(/[\r\n]+/gu, ' ')).join('\n'));
}

function decisionCells(decision: Decision, lang: Lang): string {
  const receipt = decision.receipts.at(-1);
  const filled = decision.filled.map(
    ({ place, value }) =>
      `${place.segment}${place.index === undefined ? '' : `[${place.index + 1}]`}.${place.tag ?? ''}: ${value}`,
  );
  const cells = [
    outcomeWords[decision.outcome][lang],
    decision.state === undefined ? '' : stateWords[decision.state][lang],
    decision.entryId ?? '',
    decision.isEarlier === true ? (lang === 'zh' ? '是' : 'yes') : '',
    receipt?.text ?? receipt?.code ?? '',
    filled.join('\n'),
  ];
  return cells.map(csvCell).join(',');
}

/** The header is in the reader's language; scripts read `results.ndjson`. UTF-8 with a byte order mark. */
export function csvReport(output: Output, context: ReportContext): Report {
  const { lang, render } = context;
  let isBegun = false;
  let lastDecision: Decision | undefined;
  let lastCells = '';
  const begin = (): string => {
    isBegun = true;
    return `${byteOrderMark}${csvHeaders.map((header) => csvCell(header[lang])).join(',')}\r\n`;
  };

  function line({ ref, decision }: RowResult): string {
    if (decision !== lastDecision) {
      lastCells = decisionCells(decision, lang);
      lastDecision = decision;
    }
    const own = problemsOfRow(decision, ref);
    const place = `${csvCell(ref.file)},${csvCell(ref.sheet ?? '')},${ref.line},${csvCell(decision.key ?? '')},${lastCells}`;
    const see = seeAlso(rowsToSee(decision, ref), lang);
    if (own.length === 0) return `${place},${see},,,,,,,,\r\n`;
    const texts = new Map(own.map((problem) => [problem, render(problem)]));
    const columns = [
      (problem: Problem) => problem.code,
      (problem: Problem) => severityWords[problem.severity][lang],
      (problem: Problem) => cellOf(problem) ?? '',
      (problem: Problem) => problem.header ?? '',
      (problem: Problem) => problem.value ?? '',
      (problem: Problem) => texts.get(problem)?.message ?? '',
      (problem: Problem) => texts.get(problem)?.expected ?? '',
      (problem: Problem) => texts.get(problem)?.remedy ?? '',
    ];
    return `${place},${see},${columns.map((part) => stack(own, part)).join(',')}\r\n`;
  }

  return {
    async add(results) {
      const head = isBegun ? '' : begin();
      await output.write(head + results.map(line).join(''));
    },
    async end() {
      if (!isBegun) await output.write(begin());
      return [await output.commit()];
    },
    abandon: () => output.abandon(),
  };
}

function seeAlso(refs: readonly RowRef[], lang: Lang): string {
  if (refs.length === 0) return '';
  const lines = refs.map((ref) => String(ref.line)).join(lang === 'zh' ? '、' : ', ');
  return csvCell(lang === 'zh' ? `见第 ${lines} 行` : `see line ${lines}`);
}
