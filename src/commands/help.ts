/** Help in the reader's language, examples first. Made from the specs, without loading the parser: it must come at once. */
import { flagName } from '../config/names.ts';
import type { Lang, Text } from '../model/text.ts';
import { alignColumns } from '../reports/terminal-text.ts';
import { type CommandSpec, commands, commonFlags, type FlagSpec } from './specs.ts';

const headings = {
  examples: { zh: '示例', en: 'Examples' },
  usage: { zh: '用法', en: 'Usage' },
  commands: { zh: '命令', en: 'Commands' },
  options: { zh: '选项', en: 'Options' },
  common: { zh: '通用选项', en: 'Common options' },
  exits: { zh: '退出码', en: 'Exit codes' },
} satisfies Record<string, Text>;

const about: Text = {
  zh: 'declarant：把清单批量申报到国际贸易单一窗口，每一行都有结果。',
  en: 'declarant: lodges manifests with a single window in bulk, with a result for every row.',
};

const exits: readonly (readonly [string, Text])[] = [
  ['0', { zh: '全部已申报（check：全部通过）', en: 'everything was lodged (check: everything is valid)' }],
  ['1', { zh: '部分未申报或被退单', en: 'some rows were set aside or rejected' }],
  ['2', { zh: '命令或配置有误', en: 'usage or configuration' }],
  ['3', { zh: '文件读不了或列对应不上', en: 'a file cannot be read or mapped' }],
  ['4', { zh: '有结果不明或仍在等待', en: 'an outcome is unknown or still pending' }],
  ['5', { zh: '单一窗口连接不上，稍后再运行', en: 'the window cannot be reached: run again later' }],
  ['6', { zh: '登录被拒或已过期', en: 'sign-in was refused or has expired' }],
  ['9', { zh: '没有可处理的数据（--error-on-empty）', en: 'nothing to do (with --error-on-empty)' }],
  ['11', { zh: '另一个进程正在使用台账', en: 'another process has the ledger' }],
  ['70', { zh: '程序自身的错误', en: 'a fault in declarant itself' }],
  ['74', { zh: '台账损坏或磁盘已满', en: 'the ledger is damaged or the disk is full' }],
  ['130/143', { zh: '在安全处中断', en: 'interrupted at a safe point' }],
];

function flagRow(flag: FlagSpec, lang: Lang): readonly string[] {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const value = flag.value === undefined ? '' : ` ${flag.value}`;
  return [`  ${short}${flagName(flag.name)}${value}`, flag.describe[lang]];
}

function section(heading: Text, lines: readonly string[], lang: Lang): string {
  return lines.length === 0 ? '' : `\n${heading[lang]}${lang === 'zh' ? '：' : ':'}\n${lines.join('\n')}\n`;
}

function examplesOf(specs: readonly CommandSpec[], lang: Lang): string[] {
  return alignColumns(
    specs.flatMap(({ examples }) => examples.map(({ command, does }) => [`  ${command}`, does[lang]])),
  );
}

/** What `declarant --help` prints. */
export function programHelp(lang: Lang): string {
  const first = commands.map((spec) => ({ ...spec, examples: spec.examples.slice(0, 1) })).slice(0, 4);
  const version: FlagSpec = { name: 'version', describe: { zh: '显示版本', en: 'show the version' } };
  return [
    `${about[lang]}\n`,
    section(headings.examples, examplesOf(first, lang), lang),
    section(
      headings.commands,
      alignColumns(commands.map(({ name, takes, describe }) => [`  ${name} ${takes}`, describe[lang]])),
      lang,
    ),
    section(
      headings.common,
      alignColumns([...commonFlags, version].map((flag) => flagRow(flag, lang))),
      lang,
    ),
    section(headings.exits, alignColumns(exits.map(([code, text]) => [`  ${code}`, text[lang]])), lang),
  ].join('');
}

/** What `declarant COMMAND --help` prints. */
export function commandHelp(spec: CommandSpec, lang: Lang): string {
  const usage = `  declarant ${[spec.name, spec.takes, lang === 'zh' ? '[选项]' : '[options]'].filter((part) => part !== '').join(' ')}`;
  return [
    `${spec.describe[lang]}\n`,
    section(headings.examples, examplesOf([spec], lang), lang),
    section(headings.usage, [usage], lang),
    section(headings.options, alignColumns(spec.flags.map((flag) => flagRow(flag, lang))), lang),
    section(headings.common, alignColumns(commonFlags.map((flag) => flagRow(flag, lang))), lang),
  ].join('');
}

/** The help that the words ask for; nothing where they ask for none. */
export function helpAsked(words: readonly string[], lang: Lang): string | undefined {
  const typed = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length);
  if (typed[0] !== 'help' && !typed.some((word) => word === '-h' || word === '--help')) return undefined;
  const spec = commands.find(({ name }) => typed.includes(name));
  return spec === undefined ? programHelp(lang) : commandHelp(spec, lang);
}
