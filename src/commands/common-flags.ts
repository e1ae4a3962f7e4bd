/** The flags that every command takes, in both languages. */
import type { Text } from '../model/text.ts';
import { accessFlags } from './access-flags.ts';

export type FlagSpec = {
  /** As in `Settings`, or the command's own: `inputFormat` is typed `--input-format`. */
  readonly name: string;
  readonly short?: string;
  /** The word for its value; absent for a flag without one. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** May be given several times: the values are joined with commas. */
  readonly isMany?: true;
  readonly describe: Text;
};

export const commonFlags: readonly FlagSpec[] = [
  {
    name: 'window',
    value: 'NAME|URL',
    describe: {
      zh: '申报到哪个单一窗口（默认 sandbox，即内置演练窗口）',
      en: 'the single window to lodge with (default: sandbox, the built-in one)',
    },
  },
  ...accessFlags,
  {
    name: 'root',
    value: 'DIR',
    describe: {
      zh: '导入客户端的目录（含 OutBox、InBox），与 --window cn-client 一起',
      en: "the import client's folder, in which OutBox and InBox lie; with --window cn-client",
    },
  },
  {
    name: 'operType',
    value: 'HOW',
    choices: ['draft', 'declare'],
    describe: {
      zh: '交给导入客户端后：draft 只暂存（默认），declare 直接申报',
      en: 'what the import client does: draft saves a draft (default), declare declares at once',
    },
  },
  {
    name: 'messageVersion',
    value: 'VERSION',
    describe: {
      zh: '写入报文的版本号（默认 3.1）',
      en: 'the version written into messages (default: 3.1)',
    },
  },
  {
    name: 'messageNamespace',
    value: 'URI',
    describe: { zh: '报文的命名空间', en: 'the namespace of messages' },
  },
  {
    name: 'ledger',
    value: 'FILE',
    describe: { zh: '台账文件：记住已经申报的内容', en: 'the ledger file: what was lodged, remembered' },
  },
  {
    name: 'pack',
    value: 'NAME',
    describe: {
      zh: '申报类型（默认 cn-goods-declaration）',
      en: 'the declaration type (default: cn-goods-declaration)',
    },
  },
  {
    name: 'mapping',
    value: 'FILE',
    describe: { zh: '列对应关系文件', en: 'the mapping of columns to fields' },
  },
  {
    name: 'mappings',
    value: 'DIR',
    describe: {
      zh: '办公室共用的列对应关系文件夹',
      en: "the office's folder of mappings, used for headers seen before",
    },
  },
  {
    name: 'problems',
    value: 'DIR',
    describe: {
      zh: '本单位自己的常见问题条目所在的文件夹',
      en: "the folder of the office's own answers to common problems",
    },
  },
  {
    name: 'out',
    value: 'DIR',
    describe: {
      zh: '结果文件夹（默认在输入文件旁，以本次运行命名）',
      en: 'the folder for the results (default: beside the input, named after the run)',
    },
  },
  {
    name: 'format',
    value: 'FORMAT',
    choices: ['human', 'json', 'ndjson', 'csv', 'sarif', 'junit', 'github'],
    describe: {
      zh: '标准输出的格式：human、json、ndjson、csv；CI 用 sarif、junit、github',
      en: 'what stdout gets: human, json, ndjson or csv; for CI sarif, junit or github',
    },
  },
  {
    name: 'report',
    value: 'KIND',
    isMany: true,
    describe: {
      zh: '另做一份报告：xlsx（批注工作簿）等，可多次给出；终端上的工作簿默认做 xlsx，none 不做',
      en: 'a report besides: xlsx (the annotated workbook) …; several times for several; none: not even the usual one',
    },
  },
  {
    name: 'lang',
    value: 'LANG',
    choices: ['zh', 'en'],
    describe: { zh: '语言：zh 或 en（默认随系统）', en: 'the language: zh or en (default: from the locale)' },
  },
  {
    name: 'wait',
    value: 'SECONDS',
    describe: {
      zh: '发完后最多等回执多少秒（默认 10）',
      en: 'how long to wait for verdicts after the last batch (default: 10)',
    },
  },
  {
    name: 'encoding',
    value: 'LABEL',
    describe: {
      zh: '文本编码，如 gb18030（默认自动识别）',
      en: 'the encoding of text files, such as gb18030 (default: found out)',
    },
  },
  {
    name: 'inputFormat',
    value: 'FORMAT',
    describe: {
      zh: '输入格式，如 csv、xlsx（默认自动识别）',
      en: 'the format of the input, such as csv or xlsx (default: found out)',
    },
  },
  {
    name: 'hidden',
    value: 'HOW',
    choices: ['include', 'skip', 'error'],
    describe: {
      zh: '隐藏的行列和工作表：include、skip 或 error（默认 include）',
      en: 'hidden rows, columns and sheets: include, skip or error (default: include)',
    },
  },
  {
    name: 'errorOnEmpty',
    describe: { zh: '没有可处理的数据时以 9 退出', en: 'exit with 9 where there is nothing to do' },
  },
  { name: 'yes', short: 'y', describe: { zh: '不再询问，直接申报', en: 'lodge without asking' } },
  { name: 'noInput', describe: { zh: '绝不提问', en: 'never ask anything' } },
  {
    name: 'progress',
    value: 'HOW',
    choices: ['auto', 'plain', 'none'],
    describe: { zh: '进度显示：auto、plain 或 none', en: 'progress: auto, plain or none' },
  },
  { name: 'quiet', short: 'q', describe: { zh: '只输出一行总结', en: 'print one line of summary only' } },
  { name: 'verbose', short: 'v', describe: { zh: '显示更多细节', en: 'tell more' } },
  { name: 'noColor', describe: { zh: '不用颜色', en: 'no colour' } },
  {
    name: 'config',
    value: 'FILE',
    describe: {
      zh: '配置文件（默认当前文件夹的 declarant.config.json）',
      en: 'the configuration file (default: declarant.config.json in this folder)',
    },
  },
  { name: 'help', short: 'h', describe: { zh: '显示帮助', en: 'show this help' } },
];
