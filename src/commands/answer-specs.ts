/** The command line of what looks answers up: `codes`, `explain` and `problems`. */
import type { CommandSpec } from './specs.ts';

export const answerCommands: readonly CommandSpec[] = [
  {
    name: 'codes',
    takes: '[LIST] [QUERY]',
    atLeast: 0,
    atMost: 2,
    describe: {
      zh: '查代码表：按代码、中文名或英文名',
      en: 'search a code list by code, Chinese or English name',
    },
    flags: [],
    examples: [
      { command: 'declarant codes', does: { zh: '列出所有代码表', en: 'names the lists' } },
      { command: 'declarant codes country 日本', does: { zh: '按名称查', en: 'searches by name' } },
    ],
  },
  {
    name: 'explain',
    takes: 'CODE',
    atLeast: 1,
    atMost: 1,
    describe: {
      zh: '解释一个问题代码或窗口的回执代码：原因、步骤、示例',
      en: 'explain a problem code, or a receipt code of the window: cause, steps, example',
    },
    flags: [{ name: 'both', describe: { zh: '两种语言都显示', en: 'in both languages' } }],
    examples: [
      {
        command: 'declarant explain usage/unknown-option',
        does: { zh: '原因和处理办法', en: 'the cause and what to do' },
      },
      {
        command: 'declarant explain Z',
        does: { zh: '窗口的回执代码', en: 'a receipt code of the window' },
      },
    ],
  },
  {
    name: 'problems',
    takes: '[QUERY]',
    atLeast: 0,
    atMost: Infinity,
    describe: {
      zh: '查常见问题：按代码、窗口的原话或症状',
      en: "search the common problems: by code, by the window's own words, or by symptom",
    },
    flags: [
      {
        name: 'learn',
        describe: {
          zh: '从台账中收集没有条目解释的退回原因',
          en: 'collect from the ledger the rejections that no entry explains',
        },
      },
      {
        name: 'save',
        value: 'FILE',
        describe: {
          zh: '与 --learn 一起：存为待填写的条目文件',
          en: 'with --learn: save them as entries to fill in',
        },
      },
    ],
    examples: [
      {
        command: 'declarant problems 科学计数法',
        does: { zh: '按症状查', en: 'searches by symptom' },
      },
      {
        command: 'declarant problems --learn --save answers/ours.json',
        does: { zh: '把本单位遇到的退回原因记下来', en: "keeps what the office's own rejections taught" },
      },
    ],
  },
];
