/** The summary that a clerk reads at the end of a run: what became of how many, the first problems in full, what to do next. */
import { basename } from 'node:path';
import { type Outcome, outcomes, type RowResult, type RunSummary } from '../model/result.ts';
import type { Problem } from '../model/problem.ts';
import { problemBlocks, type Style } from './human-problems.ts';
import { placeInFile } from './problem-text.ts';
import { problemsOfRow } from './row-problems.ts';
import { type NextCommands, nextStep } from './next-step.ts';
import type { ReportContext } from './report.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { outcomeMeanings, outcomeWords } from './words.ts';

export type HumanOptions = ReportContext &
  NextCommands & {
    readonly paint: (style: Style, text: string) => string;
    /** The files written, as the user may open them. */
    readonly written: readonly string[];
  };

/** Keeps the first problem of each kind, errors apart: all that the summary shows in full. */
export function collectExamples(): {
  readonly add: (results: readonly RowResult[]) => void;
  readonly first: ReadonlyMap<string, Problem>;
} {
  const first = new Map<string, Problem>();
  const add = (results: readonly RowResult[]): void => {
    for (const { ref, decision } of results) {
      if (decision.problems.length === 0) continue;
      for (const problem of problemsOfRow(decision, ref))
        if (!first.has(problem.code)) first.set(problem.code, problem);
    }
  };
  return { add, first };
}

export function humanSummary(
  summary: RunSummary,
  examples: ReadonlyMap<string, Problem>,
  options: HumanOptions,
): string {
  const blocks = [
    headline(summary, options),
    outcomeTable(summary, options),
    ...notices(summary, options),
    ...problemBlocks(summary, examples, options),
    ...whole(summary, options),
    ...places(options),
    nextStep(summary, options, options.lang),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** For cron: everything that matters on one line. */
export function oneLineSummary(
  summary: RunSummary,
  { lang, written }: Pick<HumanOptions, 'lang' | 'written'>,
): string {
  const counts = outcomes
    .filter((outcome) => summary.byOutcome[outcome].rows > 0)
    .map((outcome) => `${outcome} ${summary.byOutcome[outcome].declarations}`);
  const parts = [
    `${summary.mode} ${summary.run}`,
    `rows ${summary.rows}`,
    `declarations ${summary.declarations}`,
    ...counts,
    `exit ${summary.exit}`,
  ];
  const place =
    written.length === 0
      ? ''
      : `${lang === 'zh' ? '；结果 ' : '; results '}${oneLine(written[0] ?? '', 4096)}`;
  return `${parts.join(', ')}${place}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function headline(
  { mode, rows, declarations, tookMs, window, asOf }: RunSummary,
  { lang, paint }: HumanOptions,
): string {
  const seconds = (tookMs / 1000).toFixed(1);
  const to = window === undefined ? '' : lang === 'zh' ? `（${oneLine(window)}）` : ` (${oneLine(window)})`;
  const verbs = {
    check:
      asOf === undefined
        ? { zh: '检查完成', en: 'Checked' }
        : { zh: `检查完成（日期按 ${asOf} 判断）`, en: `Checked as of ${asOf}` },
    'dry-run': { zh: '试运行完成，没有发送任何内容', en: 'Dry run: nothing was sent' },
    import: { zh: `申报完成${to}`, en: `Import${to} finished` },
  };
  const verb = verbs[mode][lang];
  const text =
    lang === 'zh'
      ? `${verb}：${rows} 行，${declarations} 票报关单，用时 ${seconds} 秒`
      : `${verb}: ${counted(rows, 'row')}, ${counted(declarations, 'declaration')}, ${seconds} s`;
  return paint('bold', text);
}

const styles: Readonly<Record<Outcome, Style>> = {
  accepted: 'green',
  valid: 'green',
  pending: 'yellow',
  duplicate: 'yellow',
  'not-sent': 'yellow',
  rejected: 'red',
  'set-aside': 'red',
  unknown: 'red',
};

function outcomeTable({ byOutcome, earlier, mode }: RunSummary, { lang, paint }: HumanOptions): string {
  const seen = outcomes.filter((outcome) => byOutcome[outcome].rows > 0);
  const lines = alignColumns(
    seen.map((outcome) => {
      const { declarations, rows } = byOutcome[outcome];
      const word =
        mode === 'dry-run' && outcome === 'valid'
          ? lang === 'zh'
            ? '将会申报'
            : 'would be lodged'
          : outcomeWords[outcome][lang];
      const counts =
        lang === 'zh'
          ? [`${declarations} 票`, `${rows} 行`]
          : [counted(declarations, 'declaration'), counted(rows, 'row')];
      return [`  ${word}`, ...counts, outcomeMeanings[outcome][lang]];
    }),
  ).map((line, index) => paint(styles[seen[index] ?? 'valid'], line));
  if (earlier > 0)
    lines.push(
      lang === 'zh'
        ? `  其中 ${earlier} 票此前已申报，这次没有重发`
        : `  ${earlier} of these were lodged by an earlier run and were not sent again`,
    );
  return lines.join('\n');
}

/** A notice about a row begins with its place, one about a column with its sheet: the column it names itself. */
function placed(notice: Problem, { files }: RunSummary, { lang, render }: HumanOptions): string {
  const { message } = render(notice);
  const { row, column, code } = notice;
  if (row === undefined) return message;
  const isColumn = column !== undefined && code.startsWith('header/');
  const isRow = column === undefined && code.startsWith('table/');
  const place = isColumn ? (row.sheet ?? '') : isRow ? placeInFile(notice, lang === 'zh') : '';
  const file = files.length > 1 && (isColumn || isRow) ? basename(row.file) : '';
  const before = [file, place].filter((part) => part !== '').join(' ');
  return before === '' ? message : `${before}${lang === 'zh' ? '：' : ': '}${message}`;
}

function notices(summary: RunSummary, options: HumanOptions): string[] {
  const shown = summary.notices.slice(0, 8);
  if (shown.length === 0) return [];
  const lines = shown.map((notice) => `  ${oneLine(placed(notice, summary, options), 400)}`);
  const more = summary.notices.length - shown.length;
  if (more > 0) lines.push(options.lang === 'zh' ? `  另有 ${more} 条` : `  and ${more} more`);
  return [[options.lang === 'zh' ? '请留意：' : 'Please note:', ...lines].join('\n')];
}

function places({ lang, written }: HumanOptions): string[] {
  if (written.length === 0) return [];
  const label = lang === 'zh' ? '每一行的结果：' : 'The result of every row:';
  return [[label, ...written.map((path) => `  ${oneLine(path, 4096)}`)].join('\n')];
}

/** Nothing scrolls away: where no file was written, the command that writes all of it. */
function whole(summary: RunSummary, { lang, written, again }: HumanOptions): string[] {
  if (written.length > 0 || summary.problems.length === 0 || summary.mode === 'import') return [];
  const label =
    lang === 'zh'
      ? '要看每一行、每一处问题（网页，可打印）：'
      : 'Every row and every problem, as a page to read or print:';
  return [`${label}\n  ${again} --report html`];
}
