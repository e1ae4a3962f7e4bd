/** GitHub's annotations, as workflow commands on standard output; no more than GitHub shows, and the rest announced. */
import type { Output } from '../output.ts';
import type { Report, ReportContext } from '../report.ts';
import { escapeForTerminal } from '../terminal-text.ts';
import { eachProblem, type PlacedProblem } from './each-problem.ts';

/** So many errors and so many warnings of one step are shown. Source: GitHub's limits of annotations: 10 of each a step, 50 a job. */
export const mostOfEach = 10;

/** A log is read on terminals too. */
function data(text: string): string {
  return escapeForTerminal(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function annotation(level: 'error' | 'warning', { problem, row, title, lines }: PlacedProblem): string {
  const column = problem.column === undefined ? '' : `,col=${problem.column + 1}`;
  const place = `file=${property(row.file)},line=${row.line}${column}`;
  return `::${level} ${place},title=${property(`${title} [${problem.code}]`)}::${data(lines.join('\n'))}\n`;
}

const announcements = {
  error: {
    zh: '另有 {count} 个错误没有显示（GitHub 每步最多显示 10 个）',
    en: '{count} more errors are not shown here (GitHub shows 10 a step)',
  },
  warning: {
    zh: '另有 {count} 个提醒没有显示（GitHub 每步最多显示 10 个）',
    en: '{count} more warnings are not shown here (GitHub shows 10 a step)',
  },
};
const where = {
  zh: '全部问题见结果文件，或用 --format sarif、--format json 输出',
  en: 'all of them are in the results; --format sarif or --format json print them',
};

/** A failed run as one annotation. */
export function githubFailure(title: string, message: string): string {
  return `::error title=${property(title)}::${data(message)}\n`;
}

export function githubReport(output: Output, context: ReportContext): Report {
  const first = { error: [] as PlacedProblem[], warning: [] as PlacedProblem[] };
  const counts = { error: 0, warning: 0 };
  return {
    async add(results) {
      for (const each of eachProblem(results, context)) {
        const { severity } = each.problem;
        if (severity === 'info') continue;
        counts[severity] += 1;
        if (first[severity].length < mostOfEach) first[severity].push(each);
      }
    },
    async end() {
      for (const level of ['error', 'warning'] as const) {
        const all = counts[level];
        // Where there are more, the last place is taken by the word that there are more.
        const shown = all > mostOfEach ? first[level].slice(0, mostOfEach - 1) : first[level];
        for (const each of shown) await output.write(annotation(level, each));
        if (all === shown.length) continue;
        const title = announcements[level][context.lang].replace('{count}', String(all - shown.length));
        await output.write(`::${level} title=${property(title)}::${data(where[context.lang])}\n`);
      }
      return [await output.commit()];
    },
    abandon: () => output.abandon(),
  };
}
