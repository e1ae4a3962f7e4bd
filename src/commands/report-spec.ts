/** `declarant report`, as the command line knows it. */
import type { CommandSpec } from './specs.ts';

export const reportCommand: CommandSpec = {
  name: 'report',
  takes: '',
  atLeast: 0,
  atMost: 0,
  describe: {
    zh: '按台账重做一次 import 的报告，状态以今天为准',
    en: 'make the reports of an import again from the ledger, as things stand today',
  },
  flags: [
    {
      name: 'run',
      value: 'ID',
      describe: { zh: '哪一次运行（默认最近一次）', en: 'which run (default: the last)' },
    },
    {
      name: 'also',
      value: 'NAME',
      isMany: true,
      describe: {
        zh: '同时重做这次运行的单证（见 docs/documents.md），可多次给出：delivery-note、container-list',
        en: 'a document of that run as well (docs/documents.md), several times for several: delivery-note, container-list',
      },
    },
  ],
  examples: [
    {
      command: 'declarant report --report html',
      does: { zh: '最近一次 import 的网页报告', en: 'the HTML report of the last import' },
    },
    {
      command: 'declarant report --report none --also delivery-note',
      does: {
        zh: '最近一次 import 的交接单，状态以今天为准',
        en: 'the delivery note of the last import, as things stand today',
      },
    },
  ],
};
