/** The commands that look after what was lodged: reconcile, cancel, ledger and watch-folder. */
import type { FlagSpec } from './common-flags.ts';
import type { CommandSpec } from './specs.ts';

export const logFile: FlagSpec = {
  name: 'logFile',
  value: 'FILE',
  describe: {
    zh: '把运行日志追加到文件：每行一个 JSON，不含申报数据和密钥',
    en: 'append a log, one JSON line an event, without values or secrets',
  },
};

/** Of `import`, and of what imports. */
export const importFlags: readonly FlagSpec[] = [
  logFile,
  {
    name: 'maxErrors',
    value: 'N|N%',
    describe: {
      zh: '有误的报关单超过这个数（或百分比）时，一票也不申报',
      en: 'lodge nothing where more declarations than this, or this share of them, are set aside',
    },
  },
];

export const careCommands: readonly CommandSpec[] = [
  {
    name: 'reconcile',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '向窗口查询所有未了结的报关单，并说明各自的结果',
      en: 'ask the window about everything open, and tell what became of each',
    },
    flags: [logFile],
    examples: [
      {
        command: 'declarant reconcile',
        does: { zh: '仍有结果不明的则以 4 退出', en: 'exits with 4 while an outcome is unknown' },
      },
    ],
  },
  {
    name: 'cancel',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '撤销一次运行申报的报关单；先列出计划，再请您确认',
      en: 'cancel what a run lodged; shows the plan first, then asks',
    },
    flags: [
      {
        name: 'run',
        value: 'ID',
        describe: { zh: '运行编号，见 declarant status', en: 'the run, as declarant status names it' },
      },
      { name: 'dryRun', short: 'n', describe: { zh: '只显示计划', en: 'show the plan only' } },
      logFile,
    ],
    examples: [
      {
        command: 'declarant cancel --run 20260102-030405-x7k2',
        does: { zh: '输入运行编号确认后撤销', en: 'cancels once the run id is typed' },
      },
    ],
  },
  {
    name: 'ledger',
    takes: 'verify|export|backup|move|purge [FILE]',
    atLeast: 1,
    atMost: 2,
    describe: {
      zh: '台账的校验、导出、备份、移动，以及清除旧内容',
      en: 'prove, read out, back up or move the ledger, or let old contents go',
    },
    flags: [
      {
        name: 'olderThan',
        value: 'AGE',
        describe: {
          zh: '与 purge 一起：清除早于此的内容，如 400d、18m、2y 或 2025-01-01',
          en: 'with purge: what is older, such as 400d, 18m, 2y or 2025-01-01',
        },
      },
    ],
    examples: [
      { command: 'declarant ledger verify', does: { zh: '逐条校验', en: 'proves every row' } },
      {
        command: 'declarant ledger export ledger.ndjson',
        does: { zh: '全部导出为 JSON 行', en: 'writes all of it as lines of JSON' },
      },
      {
        command: 'declarant ledger backup ledger-copy.db',
        does: { zh: '备份，运行中也可以', en: 'copies it, also during a run' },
      },
      {
        command: 'declarant ledger move /srv/declarant/ledger.db',
        does: {
          zh: '移到别处；留下的那份被封存，不能再用来申报',
          en: 'moves it; what stays behind is sealed and lodges nothing',
        },
      },
      {
        command: 'declarant ledger purge --older-than 3y',
        does: {
          zh: '清除三年前已了结的申报内容，编号和状态保留',
          en: 'forgets what decided declarations said; keys, numbers and states stay',
        },
      },
    ],
  },
  {
    name: 'watch-folder',
    takes: 'DIR',
    atLeast: 1,
    atMost: 1,
    describe: {
      zh: '监视文件夹，每个放进来的清单恰好申报一次',
      en: 'lodge each manifest that is put into a folder, exactly once',
    },
    flags: [
      {
        name: 'once',
        describe: {
          zh: '处理完现有文件就退出（用于定时任务）',
          en: 'take what is there and end, as cron does',
        },
      },
      {
        name: 'settle',
        value: 'SECONDS',
        describe: {
          zh: '文件大小和时间多久不变才算放完（默认 3）',
          en: 'how long size and time must stay the same before a file is finished (default: 3)',
        },
      },
      ...importFlags,
    ],
    examples: [
      {
        command: 'declarant watch-folder 待申报 --yes --log-file watch.log',
        does: { zh: '一直监视，按 Ctrl+C 结束', en: 'goes on until Ctrl+C' },
      },
    ],
  },
];
