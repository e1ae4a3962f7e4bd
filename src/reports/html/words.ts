/** The words of the HTML report. */
import type { Lang, Text } from '../../model/text.ts';

const texts = {
  check: { zh: '检查报告', en: 'Check report' },
  'dry-run': { zh: '试运行报告', en: 'Dry-run report' },
  import: { zh: '申报报告', en: 'Import report' },
  skip: { zh: '跳到报关单列表', en: 'Skip to the declarations' },
  totals: { zh: '总览', en: 'Totals' },
  totalsCaption: { zh: '各结果的报关单票数和行数', en: 'Declarations and rows by outcome' },
  outcome: { zh: '结果', en: 'Outcome' },
  declarations: { zh: '报关单', en: 'Declarations' },
  rows: { zh: '行', en: 'Rows' },
  meaning: { zh: '含义', en: 'What it means' },
  notices: { zh: '请留意', en: 'Please note' },
  problems: { zh: '问题', en: 'Problems' },
  byCode: { zh: '按种类', en: 'By kind' },
  byColumn: { zh: '按列', en: 'By column' },
  kind: { zh: '种类', en: 'Kind' },
  column: { zh: '列', en: 'Column' },
  times: { zh: '处', en: 'Times' },
  severity: { zh: '程度', en: 'Severity' },
  others: { zh: '其余 {count} 项', en: '{count} more' },
  noColumn: { zh: '（不涉及单个列）', en: '(no single column)' },
  noProblems: { zh: '没有发现问题。', en: 'No problems were found.' },
  timeline: { zh: '回执与放行', en: 'Receipts and releases' },
  timelineCaption: { zh: '各时刻收到的回执数', en: 'Receipts by time' },
  time: { zh: '时间（+08:00）', en: 'Time (+08:00)' },
  other: { zh: '其他', en: 'other' },
  list: { zh: '报关单', en: 'Declarations' },
  listCaption: {
    zh: '每一票报关单的结果；有问题的列出每个单元格',
    en: 'What became of each declaration, with its problems cell by cell',
  },
  place: { zh: '位置', en: 'Place' },
  declaration: { zh: '报关单标识', en: 'Declaration' },
  entryId: { zh: '海关编号', en: 'Customs number' },
  latest: { zh: '最新回执', en: 'Latest receipt' },
  search: { zh: '查找', en: 'Search' },
  searchHint: {
    zh: '标识、海关编号、列名、原值、问题…',
    en: 'reference, customs number, header, value, problem…',
  },
  all: { zh: '全部', en: 'all' },
  filterOutcome: { zh: '结果', en: 'Outcome' },
  filterProblems: { zh: '只看有问题的', en: 'Only with problems' },
  shown: { zh: '{shown} / {all} 票', en: '{shown} of {all} declarations' },
  page: { zh: '第 {page} / {pages} 页', en: 'page {page} of {pages}' },
  before: { zh: '上一页', en: 'Previous' },
  after: { zh: '下一页', en: 'Next' },
  reset: { zh: '清除', en: 'Clear' },
  expected: { zh: '应为', en: 'Expected' },
  remedy: { zh: '处理', en: 'What to do' },
  receipts: { zh: '回执经过', en: 'Receipts' },
  earlier: { zh: '此前已申报，这次没有重发', en: 'lodged by an earlier run, not sent again' },
  moreProblems: { zh: '其余 {count} 处见 results.csv', en: '{count} more in results.csv' },
  leftOut: {
    zh: '为使本页可用，另有 {count} 票没有列出（有问题的优先列出）；每一行的结果都在 results.csv 里。',
    en: '{count} more declarations are not listed, to keep this page usable (those with problems come first); results.csv holds every row.',
  },
  line: { zh: '第 {lines} 行', en: 'line {lines}' },
  lines: { zh: '第 {lines} 行', en: 'lines {lines}' },
  run: { zh: '运行', en: 'Run' },
  began: { zh: '开始', en: 'Began' },
  window: { zh: '单一窗口', en: 'Single window' },
  pack: { zh: '申报类型', en: 'Declaration type' },
  files: { zh: '文件', en: 'Files' },
  exit: { zh: '退出码', en: 'Exit code' },
} satisfies Record<string, Text>;

export type Word = keyof typeof texts;

export type Say = (word: Word, values?: Readonly<Record<string, string | number>>) => string;

export function speaker(lang: Lang): Say {
  return (word, values = {}) =>
    texts[word][lang].replace(/\{(\w+)\}/gu, (whole, name: string) => String(values[name] ?? whole));
}
