/** One problem in full, as lines for a terminal: where it is, what was found, what was expected, how to mend it. */
import { basename } from 'node:path';
import type { Problem } from '../model/problem.ts';
import { cellOf } from './catalogue.ts';
import type { ReportContext } from './report.ts';
import { oneLine } from './terminal-text.ts';

/** The first line says where and what kind; the others are indented below it. */
export function problemText(problem: Problem, { lang, render, fieldTitle }: ReportContext): string[] {
  const { title, message, expected, remedy } = render(problem);
  const isZh = lang === 'zh';
  const field = problem.field === undefined ? undefined : fieldTitle(problem.field)?.[lang];
  const header = problem.header ?? field;
  const value =
    problem.value === undefined || problem.value === ''
      ? undefined
      : isZh
        ? `“${oneLine(problem.value, 60)}”`
        : `“${oneLine(problem.value, 60)}”`;
  const found = [header === undefined ? undefined : oneLine(header, 60), value]
    .filter((part) => part !== undefined)
    .join(isZh ? '：' : ': ');
  const colon = isZh ? '：' : ': ';
  const lines = [`${placeOf(problem, isZh)}${title}  [${problem.code}]`];
  if (found !== '') lines.push(`  ${found}`);
  lines.push(`  ${oneLine(message, 600)}`);
  if (expected !== '') lines.push(`  ${isZh ? '应为' : 'Expected'}${colon}${oneLine(expected, 600)}`);
  if (remedy !== '') lines.push(`  ${isZh ? '处理' : 'What to do'}${colon}${oneLine(remedy, 600)}`);
  return lines;
}

/** `manifest.xlsx 表体!F12  ` or, without a cell, the line; nothing for a problem of no place. */
function placeOf(problem: Problem, isZh: boolean): string {
  const { row } = problem;
  return row === undefined ? '' : `${oneLine(basename(row.file), 80)} ${placeInFile(problem, isZh)}  `;
}

/** `表体!F12`, or `表体 line 12`. */
export function placeInFile(problem: Problem, isZh: boolean): string {
  const { row } = problem;
  if (row === undefined) return '';
  const cell = cellOf(problem);
  const sheet = row.sheet === undefined ? '' : oneLine(row.sheet, 60);
  if (cell !== undefined) return sheet === '' ? cell : `${sheet}!${cell}`;
  return `${sheet === '' ? '' : `${sheet} `}${isZh ? `第 ${row.line} 行` : `line ${row.line}`}`;
}
