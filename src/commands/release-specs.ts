/** The commands about what customs does later: receipts, releases, watch and notice; and the flags of the import client's simulator. */
import type { FlagSpec } from './common-flags.ts';
import type { CommandSpec } from './specs.ts';
import { listenFlags } from './webhook-flags.ts';

export const simulatorFlags: readonly FlagSpec[] = [
  {
    name: 'as',
    value: 'KIND',
    choices: ['cn-client'],
    describe: {
      zh: '模拟导入客户端（与 --root 一起），而不是启动演练窗口',
      en: 'stand in for the import client, with --root, instead of the sandbox window',
    },
  },
  {
    name: 'seed',
    value: 'TEXT',
    describe: {
      zh: '与 --as 一起：让部分回执迟到、重复、乱序；同一种子结果相同',
      en: 'with --as: some receipts come late, twice or out of order; the same seed, the same disorder',
    },
  },
  {
    name: 'speed',
    value: 'N',
    describe: {
      zh: '与 --as 一起：快 N 倍（1–100）；默认从发出到放行约半分钟',
      en: 'with --as: N times as fast (1–100); as it is, a release takes about half a minute',
    },
  },
];

const bill: FlagSpec = {
  name: 'bill',
  value: 'NO',
  describe: { zh: '提运单号', en: 'the number of the bill of lading or air waybill' },
};

const json: FlagSpec = { name: 'json', describe: { zh: '以 JSON 输出', en: 'as JSON' } };

export const releaseCommands: readonly CommandSpec[] = [
  {
    name: 'receipts',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '没有对应报关单或不能识别的回执；用 --ref 看一票报关单的全部回执',
      en: 'the receipts that match no declaration or are not understood; with --ref all of one declaration',
    },
    flags: [
      {
        name: 'ref',
        value: 'KEY',
        describe: {
          zh: '报关单标识，或 D 开头的 18 位客户端编号',
          en: 'the declaration, by its reference or its ClientSeqNo of 18 characters',
        },
      },
      json,
    ],
    examples: [
      {
        command: 'declarant receipts',
        does: { zh: '对不上的回执，完整保存', en: 'those that match nothing: kept whole' },
      },
      {
        command: 'declarant receipts --ref 131-36554332',
        does: {
          zh: '按时间列出这一票的每张回执，原代码和原文',
          en: 'every receipt of one, by its time, with raw code and text',
        },
      },
    ],
  },
  {
    name: 'releases',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '回答仓库的问题：这票货可以放了吗？给出放行时间和依据',
      en: 'answer the warehouse: may the goods be handed over? with the release, its time and its evidence',
    },
    flags: [
      bill,
      {
        name: 'since',
        value: 'DATE',
        describe: {
          zh: '这一天（北京时间）以来放行的，如 2026-03-02',
          en: 'released on or after this day in Beijing, such as 2026-03-02',
        },
      },
      json,
    ],
    examples: [
      {
        command: 'declarant releases --bill 78412345675',
        does: {
          zh: '全部已放行才以 0 退出，否则为 1',
          en: 'exits with 0 only where all of it is released, otherwise with 1',
        },
      },
    ],
  },
  {
    name: 'watch',
    takes: '[ARGS…]',
    atLeast: 0,
    atMost: Infinity,
    describe: {
      zh: '跟踪未了结的报关单，输出每个新情况，或运行一个命令',
      en: 'follow what is open, and print each event or run a command for it',
    },
    flags: [
      {
        name: 'exec',
        value: 'CMD',
        describe: { zh: '每个情况运行一次，不经过 shell', en: 'run it for each event, without a shell' },
      },
      {
        name: 'once',
        describe: { zh: '看一次就退出（用于定时任务）', en: 'look once and end, as cron does' },
      },
      {
        name: 'every',
        value: 'SECONDS',
        describe: { zh: '隔多少秒看一次（默认 30）', en: 'how often to look (default: every 30)' },
      },
      ...listenFlags,
    ],
    examples: [
      { command: 'declarant watch', does: { zh: '一直跟踪，按 Ctrl+C 结束', en: 'goes on until Ctrl+C' } },
      {
        command: 'declarant watch --once --exec notify.sh -- --to warehouse',
        does: {
          zh: '参数后面是情况、单号、海关编号、提运单号和时间；标准输入是 JSON',
          en: 'after the arguments come event, reference, customs number, bill and time; JSON on standard input',
        },
      },
    ],
  },
  {
    name: 'notice',
    takes: '',
    atLeast: 0,
    atMost: 0,
    describe: {
      zh: '制作放行通知（HTML，可打印，带海关编号二维码）',
      en: 'write a release notice (HTML, printable, with a QR code of the customs number)',
    },
    flags: [
      bill,
      {
        name: 'output',
        short: 'o',
        value: 'FILE',
        describe: { zh: '写到这个文件', en: 'the file to write' },
      },
    ],
    examples: [
      {
        command: 'declarant notice --bill 78412345675 -o notice.html',
        does: { zh: '只在全部放行后制作', en: 'only where all of it is released' },
      },
    ],
  },
];
