/** The command line as data: every command, flag and example, in both languages. Help, completion and the parser are made from it. */
import type { Text } from '../model/text.ts';
import { answerCommands } from './answer-specs.ts';
import { careCommands, importFlags } from './care-specs.ts';
import { alsoFlag, checkCommand } from './check-spec.ts';
import type { FlagSpec } from './common-flags.ts';
import { releaseCommands, simulatorFlags } from './release-specs.ts';
import { reportCommand } from './report-spec.ts';
import { exportCommand } from './export-spec.ts';
import { webhookFlags } from './webhook-flags.ts';

export { commonFlags, type FlagSpec } from './common-flags.ts';

export type CommandSpec = {
  readonly name: string;
  /** `FILE…`, as help shows it. */
  readonly takes: string;
  readonly atLeast: number;
  readonly atMost: number;
  readonly describe: Text;
  readonly flags: readonly FlagSpec[];
  readonly examples: readonly { readonly command: string; readonly does: Text }[];
};

export const commands: readonly CommandSpec[] = [
  checkCommand,
  {
    name: 'import',
    takes: 'FILE…',
    atLeast: 1,
    atMost: Infinity,
    describe: { zh: '检查清单并向单一窗口申报', en: 'check manifests and lodge them with the single window' },
    flags: [
      {
        name: 'dryRun',
        short: 'n',
        describe: { zh: '只看会申报什么，不发送', en: 'show what would be lodged, and lodge nothing' },
      },
      alsoFlag,
      ...importFlags,
    ],
    examples: [
      {
        command: 'declarant import manifest.xlsx',
        does: { zh: '申报到内置演练窗口', en: 'lodges with the built-in sandbox window' },
      },
      {
        command: 'declarant import manifest.xlsx --dry-run',
        does: { zh: '只看会申报什么', en: 'shows what would be lodged' },
      },
      {
        command: 'declarant import - --input-format csv < manifest.csv',
        does: { zh: '从标准输入读取', en: 'reads standard input' },
      },
    ],
  },
  exportCommand,
  {
    name: 'sandbox',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: { zh: '启动演练窗口，直到按 Ctrl+C', en: 'run the sandbox window until Ctrl+C' },
    flags: [
      {
        name: 'port',
        value: 'N',
        describe: { zh: '端口（默认任选一个空闲端口）', en: 'the port (default: any free one)' },
      },
      {
        name: 'store',
        value: 'FILE',
        describe: { zh: '演练窗口的存储文件', en: 'the file in which the window keeps what it received' },
      },
      ...webhookFlags,
      ...simulatorFlags,
    ],
    examples: [
      {
        command: 'declarant sandbox --port 8700',
        does: { zh: '第一行输出是它的地址', en: 'its address is the first line printed' },
      },
    ],
  },
  {
    name: 'status',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '台账里有什么：各状态的报关单、结果不明的、最近的运行',
      en: 'what the ledger holds: declarations by state, what is unknown, the last runs',
    },
    flags: [{ name: 'run', value: 'ID', describe: { zh: '只看这一次运行', en: 'one run only' } }],
    examples: [
      { command: 'declarant status', does: { zh: '还有什么要人处理', en: 'what a person has to do' } },
    ],
  },
  reportCommand,
  ...careCommands,
  ...releaseCommands,
  {
    name: 'config',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: { zh: '每个设置的值及其来源', en: 'every setting, its value and where it came from' },
    flags: [],
    examples: [{ command: 'declarant config --format json', does: { zh: '以 JSON 输出', en: 'as JSON' } }],
  },
  {
    name: 'inspect',
    takes: 'FILE',
    atLeast: 1,
    atMost: 1,
    describe: {
      zh: '显示文件怎样被读取：编码、分隔符、工作表、表头，以及每一列的字段和依据',
      en: 'show how a file is read: encoding, delimiter, sheets, header, and each column with its field and evidence',
    },
    flags: [],
    examples: [
      {
        command: 'declarant inspect manifest.xlsx',
        does: { zh: '每一列对应什么、凭什么', en: 'what each column is taken for, and why' },
      },
      {
        command: 'declarant inspect manifest.csv --format json',
        does: { zh: '以 JSON 输出', en: 'as JSON' },
      },
    ],
  },
  {
    name: 'map',
    takes: 'FILE',
    atLeast: 1,
    atMost: 1,
    describe: {
      zh: '显示每一列对应哪个字段，询问不能确定的列，保存并记住',
      en: 'show which column is which field, ask about what is open, save and remember it',
    },
    flags: [
      {
        name: 'save',
        value: 'FILE',
        describe: {
          zh: '保存为列对应关系文件，并记住这个表头',
          en: 'save it as a mapping file, and remember the header',
        },
      },
    ],
    examples: [
      {
        command: 'declarant map manifest.xlsx --save mapping.json',
        does: { zh: '保存后可修改，再用 --mapping 指定', en: 'edit it, then name it with --mapping' },
      },
    ],
  },
  {
    name: 'template',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '生成空白清单：列名、说明、下拉选项和示例都已备好',
      en: 'make an empty manifest to fill in: headers, explanations, drop-downs and an example',
    },
    flags: [
      {
        name: 'output',
        short: 'o',
        value: 'FILE',
        describe: { zh: '写到哪个文件：.xlsx 或 .csv', en: 'the file to write: .xlsx or .csv' },
      },
      {
        name: 'direction',
        value: 'HOW',
        choices: ['import', 'export'],
        describe: { zh: '进口 import（默认）或出口 export', en: 'import (default) or export' },
      },
      {
        name: 'layout',
        value: 'HOW',
        choices: ['one', 'two'],
        describe: {
          zh: 'one：全部在一张表（默认）；two：表头、商品、集装箱分开',
          en: 'one: all on one sheet (default); two: head, goods and containers apart',
        },
      },
    ],
    examples: [
      {
        command: 'declarant template -o manifest.xlsx',
        does: { zh: '进口清单', en: 'a manifest of imports' },
      },
      {
        command: 'declarant template -o exports.xlsx --direction export --layout two',
        does: { zh: '出口清单，表头与商品分开', en: 'of exports, head and goods on sheets of their own' },
      },
    ],
  },
  ...answerCommands,
  {
    name: 'completion',
    takes: 'bash|zsh|fish',
    atLeast: 1,
    atMost: 1,
    describe: { zh: '输出命令行补全脚本', en: 'print a shell completion script' },
    flags: [],
    examples: [
      {
        command: 'source <(declarant completion bash)',
        does: { zh: '在当前 bash 中启用', en: 'switches it on in this bash' },
      },
    ],
  },
];
