/** What was understood of a file, for a person: how it is read, and each table with its columns. */
import type { Text } from '../model/text.ts';
import type { BookPlan } from '../pipeline/plan-book.ts';
import type { ReportContext } from '../reports/report.ts';
import { alignColumns, oneLine } from '../reports/terminal-text.ts';
import { columnTable } from './column-table.ts';

const words = {
  zh: {
    format: '格式',
    encoding: '编码',
    delimiter: '分隔符',
    'date system': '日期系统',
    sheets: '工作表',
    hidden: '（隐藏）',
    proof: '，据表头：',
    noHeader: '没有认得出的表头',
    firstRow: '第一行',
  },
  en: {
    format: 'Format',
    encoding: 'Encoding',
    delimiter: 'Delimiter',
    'date system': 'Date system',
    sheets: 'Sheets',
    hidden: ' (hidden)',
    proof: ', as its first line shows: ',
    noHeader: 'no header that is known',
    firstRow: 'first row',
  },
} as const;

/** How the reader knows: the last word of `encodingBy` and `delimiterBy`. */
const reasonWords: Readonly<Record<string, Text>> = {
  bom: { zh: '文件开头的标记', en: 'byte order mark' },
  option: { zh: '由 --encoding 指定', en: 'named by --encoding' },
  bytes: { zh: '按字节确定', en: 'certain from its bytes' },
  likely: { zh: '最可能的一种', en: 'the likeliest' },
  'sep-line': { zh: '由 sep= 行指定', en: 'named by its sep= line' },
  width: { zh: '各行列数最一致', en: 'gives rows of one width' },
  none: { zh: '只有一列', en: 'one column only' },
};

const delimiters: Readonly<Record<string, string>> = { '\t': 'TAB', ' ': 'SPACE' };
/** Shown beside what they explain. */
const reasons: ReadonlySet<string> = new Set(['encodingBy', 'encodingProof', 'delimiterBy']);

function isNamed(name: string): name is keyof typeof words.en {
  return Object.hasOwn(words.en, name);
}

function decisionLines({ book }: BookPlan, { lang }: ReportContext): string[][] {
  const { decisions } = book;
  const lines = Object.entries(decisions).flatMap(([name, value]): string[][] => {
    if (reasons.has(name)) return [];
    const label = isNamed(name) ? words[lang][name] : name;
    const by = decisions[`${name}By`];
    const proof = decisions[`${name}Proof`];
    const shown = `${delimiters[value] ?? oneLine(value, 60)}${by === undefined ? '' : ` (${reasonWords[by]?.[lang] ?? by})`}`;
    return [
      [`  ${label}`, `${shown}${proof === undefined ? '' : `${words[lang].proof}${oneLine(proof, 48)}`}`],
    ];
  });
  const sheets = book.tables
    .filter(({ name }) => name !== undefined)
    .map(({ name = '', isHidden }) => `${oneLine(name, 60)}${isHidden ? words[lang].hidden : ''}`);
  return [
    [`  ${words[lang].format}`, book.format],
    ...lines,
    ...(sheets.length === 0 ? [] : [[`  ${words[lang].sheets}`, sheets.join(lang === 'zh' ? '、' : ', ')]]),
  ];
}

export function inspectionText(plan: BookPlan, context: ReportContext): string {
  const { lang } = context;
  const without = plan.leftOut.map(({ sheet, firstRow }) => {
    const name = sheet === undefined ? '' : `${oneLine(sheet, 60)}  `;
    return `${name}${words[lang].noHeader}\n  ${words[lang].firstRow}: ${firstRow.map((cell) => oneLine(cell, 24)).join(' | ')}`;
  });
  const head = [oneLine(plan.book.file, 400), ...alignColumns(decisionLines(plan, context))].join('\n');
  return [
    head,
    ...plan.tables.map((table) => columnTable(table, context, { withSamples: true })),
    ...without,
  ].join('\n\n');
}
