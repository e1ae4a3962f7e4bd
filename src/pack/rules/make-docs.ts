/** Writes `docs/rules.md` from the rules' data files: run `node src/pack/rules/make-docs.ts`; a test compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Severity } from '../../model/problem.ts';
import type { Text } from '../../model/text.ts';
import { readDefaults, readLeftOut, readRules } from './read.ts';

const root = path.join(import.meta.dirname, '../../..');
const page = path.join(root, 'docs/rules.md');

const severities: Readonly<Record<Severity, Text>> = {
  error: { zh: '错误', en: 'error' },
  warning: { zh: '提示', en: 'warning' },
  info: { zh: '说明', en: 'note' },
};

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('*', '\\*')).join(' | ')} |`;
}

function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(headers), `|${' --- |'.repeat(headers.length)}`, ...rows.map(row)].join('\n');
}

function both({ zh, en }: Text): string {
  return `${zh}<br>${en}`;
}

/** `R080–R121` for numbers in a row. */
function ranges(ids: readonly string[]): string {
  const numbers = ids.map((id) => Number(id.slice(1)));
  const parts: string[] = [];
  for (let from = 0; from < ids.length;) {
    let to = from;
    while (numbers[to + 1] === (numbers[to] ?? 0) + 1) to++;
    parts.push(to > from ? `${ids[from] ?? ''}–${ids[to] ?? ''}` : (ids[from] ?? ''));
    from = to + 1;
  }
  return parts.join(', ');
}

/** The whole page, from the data files' JSON. */
export function rulesPage(rulesJson: unknown, defaultsJson: unknown): string {
  const rules = readRules(rulesJson).map((rule) => [
    `\`${rule.code}\``,
    both(rule.title),
    both(severities[rule.severity]),
    rule.fields.map((field) => `\`${field}\``).join(' '),
    `${rule.source} (${rule.confidence})`,
    ranges(rule.covers),
  ]);
  const defaults = readDefaults(defaultsJson).map((rule) => [
    `\`${rule.code}\``,
    both(rule.title),
    `\`${rule.fields[0] ?? ''}\``,
    `${rule.source} (${rule.confidence})`,
    ranges(rule.covers),
  ]);
  const leftOut = readLeftOut(rulesJson).map(({ id, why }) => [id, both(why)]);
  return `# 规则与默认值 · Rules and defaults of cn-goods-declaration

<!-- Made by src/pack/rules/make-docs.ts from schemas/cn/goods-declaration/rules.json and defaults.json. -->

规则检查一票报关单里几个栏目之间的关系；缺值时规则不作声，由结构检查报告缺项。错误使整票搁置，提示只请人核对。
Rules look at several fields together. A rule that lacks a value says nothing: the shape check reports what is missing. An error sets the declaration aside; a warning asks a person to look.

- 来源后的字母是可信程度：A 官方文本，B 真实报文或运行中的代码，C 来历不明的代码，D 推导。The letter after a source: A official text, B a real message or working code, C code of unknown quality, D derived. C 类只提示，只有数值须大于零、集装箱不得重复两条是错误 (rules of confidence C only warn, but for values that must be above zero and containers listed twice)。
- 原产国和最终目的国按填写人的写法检查；出口时两者在写报文时才互换。Origin and destination are checked as a clerk writes them; for exports they are swapped only when the message is written.
- 样例在 \`schemas/cn/goods-declaration/rule-samples/\`，每条规则一个通过、一个不通过。Every rule has a passing and a failing sample there.

## 规则 · Rules (${rules.length})

${table(['代码 Code', '内容 What', '级别 Severity', '栏目 Fields', '来源 Source', '汇编编号 Collected as'], rules)}

## 默认值 · Defaults (${defaults.length})

单元格为空时按顺序填写，绝不改动已填的内容；结果里列明填了什么、依据哪一条。
Applied in this order where a cell is empty; what a clerk wrote is never touched; the results name each filled value and its rule.

${table(['代码 Code', '内容 What', '栏目 Field', '来源 Source', '汇编编号 Collected as'], defaults)}

有意不填的：一般贸易进口的价格说明（须由收发货人确认）、消费使用/生产销售单位（不一定是收发货人）、贸易国、出口的原产国、除不尽的单价。
Left to the clerk on purpose: price declarations of general trade imports (the importer must confirm them), the owner (not always the trader), the trading country, the origin of exports, a unit price that does not come out even.

## 未采用的规则 · Left out (${leftOut.length})

${table(['编号 No.', '原因 Why'], leftOut)}
`;
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(path.join(root, 'schemas/cn/goods-declaration', name), 'utf8'));
}

if (import.meta.main) writeFileSync(page, rulesPage(readJson('rules.json'), readJson('defaults.json')));
