/** `declarant export` as data: its flags and examples. */
import type { CommandSpec } from './specs.ts';

export const exportCommand: CommandSpec = {
  name: 'export',
  takes: 'FILE…',
  atLeast: 1,
  atMost: Infinity,
  describe: {
    zh: '检查清单，并把每票报关单写成一个报文文件',
    en: 'check manifests and write each declaration as a message file',
  },
  flags: [
    {
      name: 'as',
      value: 'FORM',
      choices: ['cn-decmessage'],
      describe: {
        zh: '报文种类：cn-decmessage（单一窗口导入接口的 DecMessage）',
        en: 'the message: cn-decmessage, the DecMessage of the single window’s import interface',
      },
    },
    {
      name: 'messages',
      short: 'o',
      value: 'DIR',
      describe: {
        zh: '报文写入的文件夹；从不覆盖内容不同的文件',
        en: 'the folder for the messages; a file that says something else is never overwritten',
      },
    },
  ],
  examples: [
    {
      command: 'declarant export manifest.xlsx --as cn-decmessage -o messages',
      does: {
        zh: '每票一个文件，文件名是报关单的客户端编号',
        en: 'one file a declaration, named by its ClientSeqNo',
      },
    },
  ],
};
