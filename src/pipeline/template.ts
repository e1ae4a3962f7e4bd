/** Plans a template from a pack: its columns with everything that a clerk should know of each. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { Template, TemplateColumn, TemplateSheet } from '../model/template.ts';
import type { Lang, Text } from '../model/text.ts';
import type { CodeList, Field, Pack } from '../pack/pack.ts';
import type { PackColumn, PackTemplate } from '../pack/template.ts';
import type { Mapping } from './mapping.ts';

export type TemplateOptions = {
  readonly pack: Pack;
  readonly template: PackTemplate;
  readonly mapping: Mapping | undefined;
  readonly direction: Direction;
  /** `one`: everything on one sheet; `two`: the head, the goods and the containers on sheets of their own. */
  readonly layout: 'one' | 'two';
  readonly lang: Lang;
};

/** A longer list is no help to choose from. */
const longestList = 5000;
const rulesShown = 4;

const needWords: Readonly<Record<'required' | 'derived' | 'conditional' | 'optional', Text>> = {
  derived: { zh: '可留空，能推定时自动填写', en: 'may be left empty where it can be derived' },
  required: { zh: '必填', en: 'required' },
  conditional: { zh: '视情况填写', en: 'required in some cases' },
  optional: { zh: '选填', en: 'optional' },
};

export function planTemplate(options: TemplateOptions): Template {
  const { pack, template, mapping, direction, layout, lang } = options;
  const lists = new Map<string, readonly string[]>();
  const constant = new Set(Object.keys(mapping?.constants ?? {}));
  const made = (columns: readonly PackColumn[]): TemplateColumn[] =>
    columns
      .filter(({ field }) => !constant.has(field.path))
      .map((column) => columnOf(column, options, lists));
  const head = made(template.columns.head);
  const goods = made(template.columns.goods);
  const attached = made(template.columns.attached);
  const id = { pack: pack.name, version: pack.version, direction };
  const named = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  if (layout === 'one')
    return {
      id,
      lists,
      sheets: [{ name: named('报关单', 'Declarations'), columns: [...head, ...goods, ...attached] }],
    };
  const identity = new Set<string>(pack.identity[0]?.needs);
  const keys = head.filter(({ path }) => identity.has(path));
  const sheets: readonly TemplateSheet[] = [
    { name: named('表头', 'Head'), columns: head },
    { name: named('商品', 'Goods'), columns: [...keys, ...goods] },
    { name: named('集装箱', 'Containers'), columns: [...keys, ...attached] },
  ];
  return { id, lists, sheets: sheets.filter(({ columns }) => columns.length > keys.length) };
}

function columnOf(
  { header, field, example }: PackColumn,
  { pack, template, mapping, direction, lang }: TemplateOptions,
  lists: Map<string, readonly string[]>,
): TemplateColumn {
  const word = needOf(field, { pack, mapping, direction });
  const list = field.codeList === undefined ? undefined : pack.codeLists.get(field.codeList);
  const entries =
    list === undefined || list.size > longestList ? undefined : choices(list, field, pack, lang);
  if (list !== undefined && entries !== undefined) lists.set(list.name, entries);
  const chosen = entries?.find((entry) => entry.startsWith(`${pack.parseCell(field.path, example).value} `));
  const shown = example === '' ? '' : (chosen ?? example);
  return {
    path: field.path,
    headers: {
      zh: officeHeader(field.path, mapping) ?? (word === 'required' ? `${header}*` : header),
      en: field.title.en,
    },
    isRequired: word === 'required',
    kind: kindOf(field),
    digits: field.type === 'decimal' ? (field.fractionDigits ?? 4) : 0,
    comment: commentOf(
      field,
      { header, need: needWords[word], list, example: shown, rules: template.rulesOf(field.path) },
      lang,
    ),
    ...(list === undefined || entries === undefined ? {} : { list: list.name }),
    example: shown,
  };
}

function needOf(
  { path, segment, need: needs }: Field,
  { pack, mapping, direction }: Pick<TemplateOptions, 'pack' | 'mapping' | 'direction'>,
): keyof typeof needWords {
  const need = needs[direction];
  const isNeeded = need === 'save' || need === 'declare' || pack.identity[0]?.needs.includes(path) === true;
  if (!isNeeded) return need === 'conditional' ? 'conditional' : 'optional';
  if (pack.fillable.has(path) || mapping?.defaults?.[path] !== undefined) return 'derived';
  // What every container needs, a declaration without containers does not.
  return pack.segments.get(segment)?.level === 'attached' ? 'conditional' : 'required';
}

/** The header under which the office's mapping file knows the field. */
function officeHeader(path: FieldPath, mapping: Mapping | undefined): string | undefined {
  const columns = mapping?.sheets?.['*']?.columns ?? Object.values(mapping?.sheets ?? {})[0]?.columns ?? {};
  return Object.entries(columns).find(([, target]) => target === path)?.[0];
}

function kindOf({ type }: Field): TemplateColumn['kind'] {
  if (type === 'decimal' || type === 'integer') return 'number';
  if (type === 'date') return 'date';
  return type === 'code' ? 'code' : 'text';
}

/** `0110 一般贸易`: every one of them is read as its code, without a word. */
function choices(list: CodeList, field: Field, pack: Pack, lang: Lang): readonly string[] {
  return [...list.search('')].map(({ code, zh, en }) => {
    const name = lang === 'zh' ? zh || en : en || zh;
    const parsed = pack.parseCell(field.path, `${code} ${name}`);
    return parsed.value === code && (parsed.issues?.length ?? 0) === 0 ? `${code} ${name}` : code;
  });
}

type Known = {
  readonly header: string;
  readonly need: Text;
  readonly list: CodeList | undefined;
  readonly example: string;
  readonly rules: readonly Text[];
};

function commentOf(field: Field, { header, need, list, example, rules }: Known, lang: Lang): string {
  const isZh = lang === 'zh';
  const { maxLength, maxBytes, integerDigits, fractionDigits } = field;
  const lines = [
    `${header} · ${field.title.en}`,
    `${need[lang]}${isZh ? '；' : '; '}${kindWords[field.type][lang]}`,
    maxLength === undefined || field.type === 'code'
      ? ''
      : isZh
        ? `最多 ${maxLength} 个字符`
        : `at most ${maxLength} characters`,
    maxBytes === undefined
      ? ''
      : isZh
        ? `最多 ${maxBytes} 字节（一个汉字 2 字节）`
        : `at most ${maxBytes} bytes (a Chinese character has 2)`,
    integerDigits === undefined
      ? ''
      : isZh
        ? `整数最多 ${integerDigits} 位，小数最多 ${fractionDigits ?? 0} 位`
        : `at most ${integerDigits} digits before and ${fractionDigits ?? 0} after the point`,
    list === undefined ? '' : `${isZh ? '代码表：' : 'Code list: '}${list.title[lang]} (${list.size})`,
    list === undefined
      ? ''
      : isZh
        ? `填代码或名称；查询：declarant codes ${list.name}`
        : `Code or name; look up: declarant codes ${list.name}`,
    example === '' ? '' : `${isZh ? '例：' : 'Example: '}${example}`,
    rules.length === 0 ? '' : isZh ? '检查：' : 'Checked for:',
    ...rules.slice(0, rulesShown).map((rule) => `· ${rule[lang]}`),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

const kindWords: Readonly<Record<Field['type'], Text>> = {
  text: { zh: '文本', en: 'text' },
  code: { zh: '代码', en: 'code' },
  decimal: { zh: '数字', en: 'number' },
  integer: { zh: '整数', en: 'whole number' },
  date: { zh: '日期，如 2026-01-05', en: 'date, like 2026-01-05' },
  'date-time': { zh: '日期和时间', en: 'date and time' },
  binary: { zh: '文件内容', en: 'content of a file' },
};
