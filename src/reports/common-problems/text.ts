/** Entries as lines for a terminal. */
import type { Lang, Text } from '../../model/text.ts';
import { alignColumns, oneLine } from '../terminal-text.ts';
import type { CommonProblem } from './entry.ts';

const labels = {
  zh: {
    cause: '原因',
    steps: '怎么办',
    before: '改前',
    after: '改后',
    words: '窗口的原话',
    source: '依据',
    office: '本单位的条目',
  },
  en: {
    cause: 'Cause',
    steps: 'What to do',
    before: 'Before',
    after: 'After',
    words: 'As the window says it',
    source: 'Source',
    office: 'The office’s own entry',
  },
};

function indented(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => by + oneLine(line, 600))
    .join('\n');
}

/** The whole answer. */
export function answerText(entry: CommonProblem, lang: Lang): string {
  const label = labels[lang];
  const colon = lang === 'zh' ? '：' : ': ';
  const steps = entry.steps[lang].map((step, index) => `    ${index + 1}. ${oneLine(step, 600)}`);
  const example = entry.example && [
    `  ${label.before}${colon}`.trimEnd(),
    indented(entry.example.before[lang], '    '),
    `  ${label.after}${colon}`.trimEnd(),
    indented(entry.example.after[lang], '    '),
  ];
  return `${[
    `${oneLine(entry.id)}  ${oneLine(entry.title[lang])}`,
    ...entry.words
      .slice(0, 3)
      .map(
        (words) => `  ${label.words}${colon}${lang === 'zh' ? `“${oneLine(words)}”` : `“${oneLine(words)}”`}`,
      ),
    `  ${label.cause}${colon}${oneLine(entry.cause[lang], 1_000)}`,
    `  ${label.steps}${colon}`.trimEnd(),
    ...steps,
    ...(example ?? []),
    `  ${label.source}${colon}${oneLine(entry.source, 400)}`,
    ...(entry.office === undefined ? [] : [`  ${label.office}${colon}${oneLine(entry.office, 400)}`]),
  ].join('\n')}\n`;
}

/** One line that answers: what to do first. */
function shortAnswer(entry: CommonProblem, lang: Lang): string {
  return oneLine(entry.steps[lang][0] ?? '', 160);
}

/** Each match with its answer below it. */
export function matchesText(entries: readonly CommonProblem[], lang: Lang): string {
  const blocks = entries.map(
    (entry) => `${oneLine(entry.id)}  ${oneLine(entry.title[lang])}\n  ${shortAnswer(entry, lang)}`,
  );
  const more = lang === 'zh' ? '看全文：' : 'In full: ';
  return `${blocks.join('\n')}\n\n${more}declarant explain ${oneLine(entries[0]?.id ?? '')}\n`;
}

/** The groups and how many entries each has. */
export function groupsText(
  entries: readonly CommonProblem[],
  groups: ReadonlyMap<string, Text>,
  lang: Lang,
): string {
  const counts = new Map<string, number>([...groups.keys()].map((group) => [group, 0]));
  for (const { group } of entries) counts.set(group, (counts.get(group) ?? 0) + 1);
  const rows = [...counts]
    .filter(([, count]) => count > 0)
    .map(([group, count]) => [group, String(count), groups.get(group)?.[lang] ?? '']);
  const hint =
    lang === 'zh'
      ? '查找：declarant problems 科学计数法    declarant problems "粘贴窗口的原话"    declarant explain Z'
      : 'Search: declarant problems rejected    declarant problems "the message as pasted"    declarant explain Z';
  return `${alignColumns(rows).join('\n')}\n\n${entries.length} ${lang === 'zh' ? '条' : 'entries'}\n${hint}\n`;
}
