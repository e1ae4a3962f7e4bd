/** Writes `docs/documents.md` and the JSON Schemas of made documents from the pack's folders: run `node src/pack/documents/make-docs.ts`; a test compares. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FieldPath } from '../../model/declaration.ts';
import type { Bringing, DocumentElement, DocumentSpec, RunFact } from '../../model/document.ts';
import type { Severity } from '../../model/problem.ts';
import type { Text } from '../../model/text.ts';
import { loadPack } from '../load.ts';
import type { Pack } from '../pack.ts';
import { loadDocuments } from './load.ts';
import { outputSchema } from './output-schema.ts';

const packName = 'cn-goods-declaration';

const severities: Readonly<Record<Severity, Text>> = {
  error: { zh: '不同则不申报', en: 'an error where it differs' },
  warning: { zh: '不同则提示', en: 'a warning where it differs' },
  info: { zh: '不同则说明', en: 'a note where it differs' },
};
const bringings: Readonly<Record<Bringing, Text>> = {
  same: { zh: '必须相同', en: 'must be the same' },
  sum: { zh: '精确相加', en: 'added up exactly' },
  list: { zh: '逐个列出', en: 'each once' },
  first: { zh: '原样', en: 'as it is' },
};
const facts: Readonly<Record<RunFact, Text>> = {
  Reference: { zh: '本单位的编号', en: "the office's own reference" },
  CustomsNumber: { zh: '海关编号', en: 'the customs number' },
  Outcome: { zh: '本次的结果', en: 'what became of it in this run' },
  State: { zh: '海关状态', en: 'its state at customs' },
  Release: { zh: '是否放行', en: 'whether it is released' },
  ReleasedAt: { zh: '放行时间', en: 'when it was released' },
};
const levels: Readonly<Record<string, Text>> = {
  shipment: { zh: '每个提运单', en: 'once a bill' },
  declaration: { zh: '每票报关单', en: 'once a declaration' },
};

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('*', '\\*')).join(' | ')} |`;
}

function both({ zh, en }: Text): string {
  return `${zh}<br>${en}`;
}

function titled(field: FieldPath, { fields }: Pack): string {
  const title = fields.get(field)?.title;
  return `\`${field}\`${title ? `<br>${title.zh}` : ''}`;
}

function elementRow(element: DocumentElement, { kind }: DocumentSpec, pack: Pack): string {
  const { name, title, level, from, part, bring, severity, tolerance, listed, source } = element;
  const taken = 'field' in from ? titled(from.field, pack) : both(facts[from.run]);
  const half = part === undefined ? '' : ` (${part})`;
  const isCompared = kind === 'check-against' && (bring === 'sum' || (bring === 'same' && !listed));
  const isKey = listed !== undefined && bring === 'same';
  const said = [
    both(isKey ? { zh: '按此找到', en: 'found by this' } : bringings[bring]),
    ...(isCompared ? [both(severities[severity])] : []),
  ];
  if (isCompared && bring === 'sum') said.push(`± ${tolerance}`);
  const isLatin = (word: string): boolean => /^[A-Z]/u.test(word);
  const known = listed?.words ?? [];
  const words = [...known.filter((word) => !isLatin(word)).slice(0, 2), ...known.filter(isLatin).slice(0, 2)];
  const place = levels[level] ?? { zh: `逐项：${level}`, en: `each of ${level}` };
  const cells = [`\`${name}\``, both(title), `${taken}${half}`, both(place), said.join('<br>')];
  return row([...cells, ...(kind === 'check-against' ? [words.join('; ')] : []), source]);
}

function section(spec: DocumentSpec, pack: Pack): string {
  const { name, title, purpose, kind, appliesTo, elements, notice } = spec;
  const headers = [
    '数据项 Element',
    '名称 Title',
    '取自 Taken from',
    '层次 Level',
    '合并与核对 Brought together',
  ];
  if (kind === 'check-against') headers.push('对方列名（前几个） Headers there, the first');
  headers.push('依据 Source');
  const where = [...appliesTo].map(
    ([field, values]) => `${titled(field, pack).replace('<br>', ' ')} = ${values.join(', ')}`,
  );
  const use = kind === 'check-against' ? `--also ${name}=FILE` : `--also ${name}`;
  return [
    `## ${title.zh} · ${title.en}`,
    '',
    `\`${use}\``,
    '',
    both(purpose),
    ...(where.length === 0 ? [] : ['', `适用 Applies to: ${where.join('; ')}`]),
    ...(notice === undefined ? [] : ['', both(notice)]),
    ...(kind === 'check-against'
      ? []
      : [
          '',
          `\`${name}.json\` ([schema](../schemas/cn/goods-declaration/documents/${name}/output.schema.json)), \`${name}.csv\``,
        ]),
    '',
    row(headers),
    `|${' --- |'.repeat(headers.length)}`,
    ...elements.map((element) => elementRow(element, spec, pack)),
  ].join('\n');
}

/** The whole page. */
export async function documentsPage(): Promise<string> {
  const pack = await loadPack(packName);
  const sections = loadDocuments(packName, pack).map((spec) => section(spec, pack));
  return `${[
    '# 同一清单，几个部门的单证 · One manifest, the documents of several departments',
    '',
    'Made from `schemas/cn/goods-declaration/documents/` by `npm run docs`; a test compares.',
    '',
    '清单只录一次，`check` 和 `import` 的 `--also` 由同样的行核对或生成其他部门的单证。每种单证是数据包里的一个文件夹（`documents/名称/document.json`），增加一种不用写代码。',
    '',
    'The manifest is entered once; `--also` of `check` and `import` compares or makes the documents of other departments from the same rows.',
    'A document is a folder of the pack, `documents/NAME/document.json`: a further one needs no code, only its title, the declarations it applies to,',
    'and its elements, each with the field that it is taken from.',
    '',
    '生成的单证可以事后重做，状态以当天为准：`declarant report --run 编号 --also delivery-note`，当时没有加 `--also` 的也可以。',
    '内容已被清理的、旧版本留下的结果不够做的，会说明并且不做：缺一票，没报全的提运单就可能看似报全。核对不能事后重做。',
    '',
    'What is made can be made again later, as things stand then: `declarant report --run ID --also delivery-note`, also where the import had no `--also`.',
    'Of a run with a declaration that was purged, or whose bill an earlier version did not keep, it is refused: a bill that is not complete could look complete.',
    'A comparison is not made again.',
    '',
    '对方文件是 XLSX 时，同一提运单几行合并的单元格只计一次；合并跨了几个提运单或几列的，每个有关的提运单都说明无法核对，要取消合并后再核对。',
    '没有提运单号列和件数列的工作表不参与核对，并逐个说明。',
    '',
    'In a workbook to compare with, a cell that is merged over rows of one bill counts once; one that is merged over several bills or columns',
    'is told at each of these bills as not comparable, and has to be unmerged. A sheet without columns of bills and packages is not compared, and named.',
    '',
    ...sections.flatMap((each) => [each, '']),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** The file of each made document's schema, and what stands in it. */
export async function documentSchemas(): Promise<ReadonlyMap<string, string>> {
  const specs = loadDocuments(packName, await loadPack(packName));
  return new Map(
    specs
      .filter(({ kind }) => kind === 'produce')
      .map((spec) => [
        `schemas/cn/goods-declaration/documents/${spec.name}/output.schema.json`,
        `${JSON.stringify(outputSchema(spec), null, 2)}\n`,
      ]),
  );
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '../../..');
  writeFileSync(path.join(root, 'docs/documents.md'), await documentsPage());
  for (const [file, text] of await documentSchemas()) writeFileSync(path.join(root, file), text);
}
