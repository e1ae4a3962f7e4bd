/** The columns of a planned file as lines for a terminal: header, field, evidence and confidence, examples. */
import type { Text } from '../model/text.ts';
import { columnName } from '../model/row.ts';
import type { Evidence, TablePlan } from '../pipeline/plan.ts';
import type { ReportContext } from '../reports/report.ts';
import { alignColumns, oneLine } from '../reports/terminal-text.ts';

export const evidenceWords: Readonly<Record<Evidence, Text>> = {
  mapping: { zh: '对照文件', en: 'mapping file' },
  remembered: { zh: '以前确认过', en: 'remembered' },
  word: { zh: '列名', en: 'header word' },
  context: { zh: '按相邻列判断', en: 'context' },
  guess: { zh: '推测', en: 'guess' },
};

const words = {
  notDeclared: { zh: '不申报', en: 'not declared' },
  unknown: { zh: '不认识，没有申报', en: 'not recognised, not declared' },
  header: {
    zh: '表头在第 {line} 行，{all} 个列名中认得 {known} 个',
    en: 'header on line {line}: {known} of {all} names are known',
  },
} as const;

/** With `withSamples`, what the first rows hold is shown too. */
export function columnTable(
  table: TablePlan,
  context: ReportContext,
  { withSamples }: { readonly withSamples: boolean },
): string {
  const { lang, fieldTitle } = context;
  const { sheet, headerLine, columns, idle } = table;
  const shown = (samples: readonly string[]): string[] =>
    withSamples ? [samples.map((each) => oneLine(each, 24)).join(' | ')] : [];
  const rows = [
    ...columns.map(({ column, header, fields, evidence, confidence, samples }) => ({
      column,
      cells: [
        oneLine(header, 40),
        fields.map(({ path }) => path).join(' + '),
        fields.map(({ path }) => fieldTitle(path)?.[lang] ?? '').join(' + '),
        `${evidenceWords[evidence][lang]} ${Math.round(confidence * 100)}%`,
        ...shown(samples),
      ],
    })),
    ...idle.map(({ column, header, isKnown, candidates, samples }) => ({
      column,
      cells: [
        oneLine(header, 40),
        '-',
        words[isKnown ? 'notDeclared' : 'unknown'][lang],
        candidates.map((path) => `${path}?`).join(' '),
        ...shown(samples),
      ],
    })),
  ].toSorted((left, right) => left.column - right.column);
  const known =
    columns.filter(({ evidence }) => evidence !== 'guess').length +
    idle.filter(({ isKnown }) => isKnown).length;
  const head = words.header[lang]
    .replace('{line}', String(headerLine))
    .replace('{known}', String(known))
    .replace('{all}', String(columns.length + idle.length));
  const name = sheet === undefined ? '' : `${oneLine(sheet)}  `;
  return [
    `${name}${head}`,
    ...alignColumns(rows.map(({ column, cells }) => [`  ${columnName(column)}`, ...cells])),
  ].join('\n');
}
