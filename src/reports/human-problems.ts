/** The problems of a run for a terminal: the first of each kind in full, the other kinds by count and first place. */
import { basename } from 'node:path';
import { isError, type Problem } from '../model/problem.ts';
import type { RunSummary } from '../model/result.ts';
import { placeInFile, problemText } from './problem-text.ts';
import type { ReportContext } from './report.ts';
import { alignColumns, oneLine } from './terminal-text.ts';

export type Style = 'bold' | 'red' | 'yellow' | 'green' | 'dim';

type Options = ReportContext & { readonly paint: (style: Style, text: string) => string };
type Kind = RunSummary['problems'][number];

/** So many kinds of problem are shown in full, and so many more by count. */
const kindsInFull = 5;
const kindsByCount = 20;

export function problemBlocks(
  summary: RunSummary,
  examples: ReadonlyMap<string, Problem>,
  options: Options,
): string[] {
  const asked = summary.problems.filter(({ severity }) => severity !== 'info');
  const first = asked.slice(0, kindsInFull).filter(({ code }) => examples.has(code));
  const others = asked.filter((kind) => !first.includes(kind));
  return [
    ...first.flatMap(({ code, count }) => inFull(examples.get(code), count, options)),
    ...(others.length === 0
      ? []
      : [byCount(others, examples, { ...options, hasSeveralFiles: summary.files.length > 1 })]),
    ...notes(summary, options),
  ];
}

/** What was read as something else than stands there: counted, and in full in the files; it asks nothing of anyone. */
function notes({ problems }: RunSummary, { lang, render }: Options): string[] {
  const kinds = problems.filter(({ severity }) => severity === 'info');
  if (kinds.length === 0) return [];
  const counted = kinds.map(
    ({ code, count }) => `${render({ code: parsed(code), severity: 'info' }).title} ${count}`,
  );
  return [
    `${lang === 'zh' ? '读取时的处理（处数）：' : 'Done while reading (how many): '}${counted.join(lang === 'zh' ? '；' : '; ')}`,
  ];
}

function inFull(example: Problem | undefined, count: number, options: Options): string[] {
  if (example === undefined) return [];
  const [title = '', ...rest] = problemText(example, options);
  const isZh = options.lang === 'zh';
  const several = isZh ? `（共 ${count} 处，此为第一处）` : ` (${count} times; this is the first)`;
  const head = count === 1 ? title : title + several;
  return [[options.paint(isError(example) ? 'red' : 'yellow', head), ...rest].join('\n')];
}

function byCount(
  others: readonly Kind[],
  examples: ReadonlyMap<string, Problem>,
  options: Options & { readonly hasSeveralFiles: boolean },
): string {
  const isZh = options.lang === 'zh';
  const rows = others.slice(0, kindsByCount).map(({ code, count }) => {
    const example = examples.get(code);
    const { title } = options.render({ code: parsed(code), severity: 'info' });
    const file = options.hasSeveralFiles ? `${oneLine(basename(example?.row?.file ?? ''), 40)} ` : '';
    const place = example === undefined ? '' : file + placeInFile(example, isZh);
    return [`  ${title}`, isZh ? `${count} 处` : `${count} ×`, place, `[${code}]`];
  });
  const left = others.length - rows.length;
  const more = isZh
    ? `  还有 ${left} 种，见结果文件`
    : `  and ${left} more kinds: see the files of the results`;
  const advice = isZh ? '  逐条说明：declarant explain 代码' : '  About each: declarant explain CODE';
  return [
    isZh ? '其他问题（处数、第一处的位置）：' : 'Other problems (how many, and where the first is):',
    ...alignColumns(rows),
    ...(left === 0 ? [] : [more]),
    advice,
  ].join('\n');
}

function parsed(code: string): `${string}/${string}` {
  const [area = '', ...rest] = code.split('/');
  return `${area}/${rest.join('/')}`;
}
